/** Leading whitened directions of rows: along each of them, the rows have variance 1. */
import { normals } from '#core/random.ts';
import {
  addScaled,
  dot,
  type Matrix,
  matrix,
  rowOf,
  symmetricEigen,
  times,
  timesTransposed,
} from './matrix.ts';

export interface Whitening {
  /** (d); zero where rows are not centred. */
  readonly mean: Float64Array;
  /** (r, d), fewer where the rows have fewer dimensions: x ↦ directions · (x − mean) has unit variance in each. */
  readonly directions: Matrix;
}

/** Directions beside those asked for, so that the last of those converge too. */
const SPARE = 16;
const ROUNDS = 40;
/** Directions whose variance is below this share of the largest carry nothing but rounding. */
const LEAST_SHARE = 1e-9;

/** Makes the rows of `of` orthonormal by Gram–Schmidt, twice over; rows that depend on others become zero. */
function orthonormalise(of: Matrix): void {
  for (let i = 0; i < of.rows; i++) {
    const row = rowOf(of, i);
    const before = Math.sqrt(dot(row, row));
    for (let pass = 0; pass < 2; pass++)
      for (let j = 0; j < i; j++) addScaled(row, rowOf(of, j), -dot(row, rowOf(of, j)));
    const length = Math.sqrt(dot(row, row));
    const factor = length <= 1e-10 * before || length === 0 ? 0 : 1 / length;
    for (let k = 0; k < row.length; k++) row[k] = (row[k] as number) * factor;
  }
}

/** S·Q for S = XᵀX/n, rows of Q as directions: (r, d) → (r, d). */
const applied = (rows: Matrix, directions: Matrix): Matrix => {
  const scores = timesTransposed(directions, rows); // (r, n)
  return times(scores, rows);
};

/**
 * The `count` directions of the largest second moment of `rows` (n, d), about their mean where `centred`, each divided by
 * its standard deviation. By subspace iteration with Rayleigh–Ritz (Golub & Van Loan, 8.2.4); the same rows give the same.
 */
export function whiten(rows: Matrix, count: number, centred: boolean): Whitening {
  const { rows: n, columns: d } = rows;
  const mean = new Float64Array(d);
  if (centred) for (let i = 0; i < n; i++) addScaled(mean, rowOf(rows, i), 1 / n);
  const moved = matrix(n, d);
  for (let i = 0; i < n; i++) {
    const row = rowOf(moved, i);
    row.set(rowOf(rows, i));
    addScaled(row, mean, -1);
  }
  const size = Math.min(count + SPARE, d);
  let basis: Matrix = {
    rows: size,
    columns: d,
    data: Float64Array.from(normals({ seed: 0, stream: 'whiten', counter: d }, size * d)),
  };
  orthonormalise(basis);
  const rounds = size === d ? 1 : ROUNDS;
  for (let round = 0; round < rounds; round++) {
    basis = applied(moved, basis);
    orthonormalise(basis);
  }
  if (size === d) basis = identity(d);
  const scores = timesTransposed(basis, moved); // (size, n)
  const small = timesTransposed(scores, scores);
  const { values, vectors } = symmetricEigen(small);
  const kept = Math.min(
    count,
    values.filter((value) => value > LEAST_SHARE * (values[0] as number) && value > 0).length,
  );
  const turned = times(vectors, basis);
  const directions = matrix(kept, d);
  for (let i = 0; i < kept; i++)
    addScaled(rowOf(directions, i), rowOf(turned, i), 1 / Math.sqrt((values[i] as number) / n));
  return { mean, directions };
}

function identity(size: number): Matrix {
  const result = matrix(size, size);
  for (let i = 0; i < size; i++) result.data[i * size + i] = 1;
  return result;
}

/** directions · (x − mean) of every row: (n, d) → (n, r). */
export function whitened(rows: Matrix, { mean, directions }: Whitening): Matrix {
  const scores = timesTransposed(rows, directions);
  const centre = timesTransposed({ rows: 1, columns: mean.length, data: mean }, directions).data;
  for (let i = 0; i < scores.rows; i++) addScaled(rowOf(scores, i), centre, -1);
  return scores;
}
