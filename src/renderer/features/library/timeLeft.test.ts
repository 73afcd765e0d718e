import { expect, it } from 'vitest';
import { timeLeftMs } from './timeLeft.ts';

it('extrapolates the rate so far and says nothing too early', () => {
  expect(timeLeftMs(10_000, 0.25)).toBe(30_000);
  expect(timeLeftMs(10_000, 1.2)).toBe(0);
  expect(timeLeftMs(10_000, null)).toBeNull();
  expect(timeLeftMs(10_000, 0)).toBeNull();
  expect(timeLeftMs(100, 0.5)).toBeNull();
});
