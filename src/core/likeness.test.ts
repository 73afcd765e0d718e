import { expect, it } from 'vitest';
import { nearestTo, usualDistance } from './likeness.ts';
import { randomSource } from './random.ts';

const WIDTH = 24;
const source = randomSource({ seed: 3, stream: 'likeness', counter: 0 });
/** A large part that all share, a kind, and a little of their own. */
const state = (kind: number): number[] =>
  Array.from({ length: WIDTH }, (_, at) => 100 + (at === kind ? 5 : 0) + source.uniform() * 0.5);
const known = Array.from({ length: 60 }, (_, row) => state(row % 3));

it('finds the nearest by what sets them apart, not by what they share', () => {
  const [first, ...others] = nearestTo(known, state(1), 5);
  expect([first, ...others].map((near) => (near?.row ?? 0) % 3)).toEqual([1, 1, 1, 1, 1]);
  expect(nearestTo(known, known[7] as number[], 1)).toEqual([{ row: 7, distance: expect.closeTo(0, 6) }]);
});

it('tells a prompt of a known kind from one unlike all', () => {
  const usual = usualDistance(known);
  const nearest = (kind: number) => nearestTo(known, state(kind), 1)[0]?.distance ?? 0;
  for (const kind of [0, 1, 2]) expect(nearest(kind)).toBeLessThan(2 * (usual?.most ?? 0));
  expect(nearest(9)).toBeGreaterThan(5 * (usual?.most ?? 0));
});

it('knows no usual distance of two', () => {
  expect(usualDistance(known.slice(0, 2))).toBeNull();
});
