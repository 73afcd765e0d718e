import { expect, it } from 'vitest';
import { priors } from './mixture.ts';
import { firstWithinError, sharpened } from './sharpness.ts';

it('raises odds to the power of the sharpness: 3 to 1 becomes 27 to 1', () => {
  const one = { rows: 1, columns: 1, data: Float64Array.of(1) };
  const mixture = {
    codes: { rows: 2, columns: 1, data: Float64Array.of(5, -5) },
    weight: { rows: 2, columns: 1, data: Float64Array.of(Math.log(6), Math.log(2)) },
    bias: Float64Array.of(-Math.LN2, -Math.LN2),
  };
  expect(priors(mixture, one).data[0]).toBeCloseTo(3 / 4, 12);
  expect(priors(sharpened(mixture, 3), one).data[0]).toBeCloseTo(27 / 28, 12);
  expect([...sharpened(mixture, 3).codes.data]).toEqual([5, -5]);
});

it('takes the first that is within one standard error of the lowest', () => {
  // Further than the lowest by 0.1 ± 0 and by 0.1 with a standard error of 0.69 / √4: only the second may be chance.
  const lowest = [1, 1, 1, 1];
  const surely = [1.1, 1.1, 1.1, 1.1];
  const perhaps = [1.7, 0.5, 1.7, 0.5];
  expect(firstWithinError([surely, lowest])).toBe(1);
  expect(firstWithinError([surely, perhaps, lowest])).toBe(1);
  expect(firstWithinError([lowest, surely])).toBe(0);
});
