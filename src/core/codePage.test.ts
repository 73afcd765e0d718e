import { expect, it } from 'vitest';
import { randomRows, rankRows, rowsOfCode } from './codePage.ts';

/** Four rows of three codes. */
const ranked = rankRows(
  new Float32Array([0.75, 0.125, 0.125, 0.4375, 0.5, 0.0625, 0.25, 0.25, 0.5, 0.375, 0.375, 0.25]),
  3,
);
const of = (code: number, top = 2, borderline = 3) => rowsOfCode(ranked, code, { top, borderline, bins: 4 });

it('gives each prompt to its strongest code, a tie to the lower number', () => {
  expect([0, 1, 2].map((code) => of(code).own)).toEqual([[0, 3], [1], [2]]);
});

it('finds the strongest prompts, the first of equal ones first', () => {
  expect(of(0).top).toEqual([0, 1]);
  expect(of(1, 4).top).toEqual([1, 3, 2, 0]);
  expect(of(2, 9).top).toEqual([2, 3, 0, 1]);
});

it('finds prompts that could as well be another’s, on either side', () => {
  // Gaps of code 0: 0.625, 0.0625, 0.25, 0.
  expect(of(0).borderline).toEqual([3, 1, 2]);
  expect(of(2, 1, 1).borderline).toEqual([3]);
});

it('counts every prompt by its weight', () => {
  expect(of(0).histogram).toEqual([0, 3, 0, 1]);
  expect(of(0).half).toBe(1);
  expect(rowsOfCode(rankRows([1, 0], 2), 0, { top: 1, borderline: 1, bins: 4 }).histogram).toEqual([
    0, 0, 0, 1,
  ]);
});

it('draws the same prompts each time, whatever row they are in', () => {
  const ids = [40, 41, 42, 43, 44, 45];
  const drawn = (order: readonly number[]) =>
    randomRows([...order.keys()], (row) => order[row] as number, 3).map((row) => order[row]);
  expect(drawn(ids)).toHaveLength(3);
  expect(drawn([...ids].reverse())).toEqual(drawn(ids));
});
