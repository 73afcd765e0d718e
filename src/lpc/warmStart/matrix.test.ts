import { expect, it } from 'vitest';
import { addTransposedTimes, type Matrix, timesTransposed } from './matrix.ts';

/** Whole numbers, so that sums are exact in any order. */
const filled = (rows: number, columns: number, value: (row: number, column: number) => number): Matrix => ({
  rows,
  columns,
  data: Float64Array.from({ length: rows * columns }, (_, at) =>
    value(Math.floor(at / columns), at % columns),
  ),
});

// Rows are taken by fours: fewer, as many, and some over.
it.each([1, 4, 5, 10])('A·Bᵀ is the sum over columns: %i rows', (rows) => {
  const product = timesTransposed(
    filled(rows, 3, (i, k) => i + k),
    filled(rows, 3, (j, k) => j - k),
  );
  // Σ_k (i + k)(j − k) over k = 0, 1, 2 is 3ij − 3i + 3j − 5.
  const expected = filled(rows, rows, (i, j) => 3 * i * j - 3 * i + 3 * j - 5);
  expect([...product.data]).toEqual([...expected.data]);
});

it.each([1, 4, 5, 10])('Aᵀ·B is added to what is there: %i rows', (rows) => {
  const to = filled(2, 3, () => 7);
  addTransposedTimes(
    to,
    filled(rows, 2, (n, k) => n + k),
    filled(rows, 3, (_, column) => column + 1),
  );
  // Σ_n (n + k)(c + 1) = (c + 1)(rows (rows − 1)/2 + rows k).
  const expected = filled(2, 3, (k, c) => 7 + (c + 1) * ((rows * (rows - 1)) / 2 + rows * k));
  expect([...to.data]).toEqual([...expected.data]);
});
