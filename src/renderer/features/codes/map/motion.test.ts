import { expect, it } from 'vitest';
import { motionAt } from './motion.ts';

const motion = {
  rows: 2,
  places: Uint16Array.of(0, 0, 100, 100, 10, 20, 100, 300, 10, 20, 0, 0),
  strongest: Uint16Array.of(0, 1, 0, 2, 3, 2),
};
const at = (place: number) => {
  const { places, strongest } = motionAt(motion, place);
  return [[...places], [...strongest]];
};

it('is where an evaluation has its prompts, halfway between two of them, and never beyond', () => {
  expect(at(0)).toEqual([
    [0, 0, 100, 100],
    [0, 1],
  ]);
  expect(at(0.5)).toEqual([
    [5, 10, 100, 200],
    [0, 2],
  ]);
  expect(at(2)).toEqual([
    [10, 20, 0, 0],
    [3, 2],
  ]);
  expect(at(9)).toEqual(at(2));
  expect(
    motionAt({ rows: 0, places: new Uint16Array(0), strongest: new Uint16Array(0) }, 0).places,
  ).toHaveLength(0);
});
