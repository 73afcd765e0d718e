import { expect, it } from 'vitest';
import { type Matrix, matrix, rowOf } from './matrix.ts';
import { rewardDirections } from './rewardDirections.ts';

const of = (...rows: number[][]): Matrix => {
  const made = matrix(rows.length, rows[0]?.length ?? 0);
  for (const [row, values] of rows.entries()) rowOf(made, row).set(values);
  return made;
};

it('finds the direction that prompts turn round, and then the one that all share', () => {
  // The first number of the difference follows the prompt, 3 and −3; the second is 1 for all; the third, the largest, is neither.
  const prompts = of([1], [-1], [1], [-1]);
  const differences = of([3, 1, 9], [-3, 1, 9], [3, 1, -9], [-3, 1, -9]);
  const { data, rows } = rewardDirections({ prompts, differences }, 2);
  expect(rows).toBe(2);
  expect([...data].map(Math.abs)).toEqual([1, 0, 0, 0, 1, 0].map((value) => expect.closeTo(value, 9)));
});

it('gives no more directions than there are', () => {
  const pairs = { prompts: of([1], [2]), differences: of([1, 0], [0, 1]) };
  expect(rewardDirections(pairs, 8).rows).toBe(2);
});

it('goes on with the leading directions of the replies where no more matter, whatever rounding says', () => {
  // One prompt and one difference matter; what is orthogonal to it, the moment does not tell apart.
  const found = [0, 1e-9, -1e-9].map((noise) =>
    rewardDirections({ prompts: of([0], [0]), differences: of([1, 1, noise], [1, 1, 0]) }, 3),
  );
  const half = Math.SQRT1_2;
  for (const { data } of found)
    expect([...data]).toEqual(
      [half, half, 0, half, -half, 0, 0, 0, 1].map((value) => expect.closeTo(value, 6)),
    );
});
