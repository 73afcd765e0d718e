import { expect, it } from 'vitest';
import { borderlineRows, randomRows, rowsOfCode } from './codePage.ts';

/** Four rows of three codes. */
const weights = [0.8, 0.1, 0.1, 0.45, 0.5, 0.05, 0.3, 0.3, 0.4, 0.4, 0.4, 0.2];

it('gives each prompt to its strongest code, a tie to the lower number', () => {
  expect([0, 1, 2].map((code) => rowsOfCode(weights, 3, code))).toEqual([[0, 3], [1], [2]]);
});

it('finds prompts that could as well be another’s, on either side', () => {
  // Gaps of code 0: 0.7, 0.05, 0.1, 0.
  expect(borderlineRows(weights, 3, 0, 3)).toEqual([3, 1, 2]);
  expect(borderlineRows(weights, 3, 2, 1)).toEqual([2]);
});

it('draws the same prompts each time, whatever row they are in', () => {
  const ids = [40, 41, 42, 43, 44, 45];
  const drawn = (order: readonly number[]) =>
    randomRows([...order.keys()], (row) => order[row] as number, 3).map((row) => order[row]);
  expect(drawn(ids)).toHaveLength(3);
  expect(drawn([...ids].reverse())).toEqual(drawn(ids));
});
