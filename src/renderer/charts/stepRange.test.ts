import { expect, it } from 'vitest';
import { zoomedRange } from './stepRange.ts';

it('comes closer to the step that is read, which stays at its place, and goes back to all', () => {
  // Step 25 lies a quarter from the left before and after.
  expect(zoomedRange(null, [0, 100], 25, 2)).toEqual([12.5, 62.5]);
  expect(zoomedRange([12.5, 62.5], [0, 100], 25, 2)).toEqual([18.75, 43.75]);
  expect(zoomedRange([12.5, 62.5], [0, 100], 25, 0.5)).toBeNull();
});

it('never leaves the run, and never shows fewer than four steps', () => {
  expect(zoomedRange([80, 100], [0, 100], 100, 0.5)).toEqual([60, 100]);
  expect(zoomedRange([10, 16], [0, 100], 13, 2)).toEqual([11, 15]);
  expect(zoomedRange(null, [0, 3], 1, 2)).toBeNull();
  expect(zoomedRange([20, 40], [0, 100], 90, 2)).toEqual([30, 40]);
});
