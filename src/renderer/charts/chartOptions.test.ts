import { expect, it } from 'vitest';
import { logRange } from './chartOptions.ts';

it('a logarithmic axis holds all positive values, and four decades where it is told of none', () => {
  const [bottom, top] = logRange(0.02, 4);
  expect(bottom).toBeLessThan(0.02);
  expect(bottom).toBeGreaterThan(0.015);
  expect(top).toBeGreaterThan(4);
  // λ·KL begins at 0, a bonus is below it: neither opens the axis to nothing.
  expect(logRange(-0.3, 4)[0]).toBeCloseTo(4e-4 / 1.1);
  expect(logRange(null, null)).toEqual([0.1, 1]);
  expect(logRange(-2, -1)).toEqual([0.1, 1]);
});
