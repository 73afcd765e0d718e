import { expect, it } from 'vitest';
import { msLeft, type Sighting, sight } from './pace.ts';

const seen = (...pairs: [step: number, atMs: number][]): readonly Sighting[] =>
  pairs.reduce<readonly Sighting[]>((all, [step, atMs]) => sight(all, { step, atMs }), []);

it('does not take the time of preparation for the pace of a step', () => {
  expect(msLeft(seen([0, 0], [1, 60_000]), 100)).toBeNull();
  expect(msLeft(seen([0, 0], [1, 60_000], [11, 61_000]), 111)).toBe(10_000);
});

it('follows a run that slows down', () => {
  const fastThenSlow = seen(
    [10, 0],
    [110, 1000],
    [111, 2000],
    [112, 3000],
    [113, 4000],
    [114, 5000],
    [115, 6000],
  );
  expect(msLeft(fastThenSlow, 215)).toBe(100_000);
});

it('waits while a run stands still, and forgets another run', () => {
  expect(seen([5, 0], [5, 2000])).toHaveLength(1);
  expect(seen([50, 0], [60, 2000], [1, 4000])).toEqual([{ step: 1, atMs: 4000 }]);
});
