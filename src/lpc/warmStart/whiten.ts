/** Leading whitened directions of rows: along each of them, the rows have variance 1. */
import { normals } from '#core/random.ts';
import {
  addScaled,
  dot,
  type Eigen,
  type Matrix,
  rowOf,
  rowsAt,
  rowViews,
  symmetricEigen,
  times,
  timesTransposed,
  transposed,
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
/**
 * Directions whose variance is below this share of the largest are left out: blown up to variance 1, they would move the
 * model far without telling replies apart.
 */
const LEAST_SHARE = 1e-3;

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

/** The leading eigenvectors of a symmetric matrix as rows, by subspace iteration with Rayleigh–Ritz (Golub & Van Loan, 8.2.4). */
function leadingEigen(of: Matrix, count: number): Eigen {
  const n = of.rows;
  const size = Math.min(count + SPARE, n);
  if (size === n) return symmetricEigen(of);
  let basis: Matrix = {
    rows: size,
    columns: n,
    data: Float64Array.from(normals({ seed: 0, stream: 'whiten', counter: n }, size * n)),
  };
  for (let round = 0; round < ROUNDS; round++) {
    orthonormalise(basis);
    basis = timesTransposed(basis, of);
  }
  orthonormalise(basis);
  const { values, vectors } = symmetricEigen(timesTransposed(timesTransposed(basis, of), basis));
  return { values, vectors: times(vectors, basis) };
}

/** Rows less their mean, (n, d), and the mean. */
function centre(rows: Matrix): { readonly mean: Float64Array; readonly moved: Matrix } {
  const mean = new Float64Array(rows.columns);
  for (const row of rowViews(rows)) addScaled(mean, row, 1 / rows.rows);
  const moved = { ...rows, data: rows.data.slice() };
  for (const row of rowViews(moved)) addScaled(row, mean, -1);
  return { mean, moved };
}

/**
 * The `count` directions of the largest second moment of `rows` (n, d), about their mean where `centred`, each divided by
 * its standard deviation; from XᵀX or X·Xᵀ, whichever is smaller. The same rows give the same directions.
 */
export function whiten(rows: Matrix, count: number, centred: boolean): Whitening {
  const { rows: n, columns: d } = rows;
  const { mean, moved } = centred ? centre(rows) : { mean: new Float64Array(d), moved: rows };
  const wide = d > n;
  const side = wide ? moved : transposed(moved);
  const { values, vectors } = leadingEigen(timesTransposed(side, side), count);
  const [largest = 0] = values;
  const kept = values.slice(0, count).filter((value) => value > 0 && value >= LEAST_SHARE * largest).length;
  const leading = rowsAt(
    vectors,
    Array.from({ length: kept }, (_, i) => i),
  );
  // A vector u of X·Xᵀ with value v is Xᵀu/√v as one of XᵀX; then each is divided by its deviation √(v/n).
  const directions = wide ? times(leading, moved) : leading;
  for (const [i, row] of rowViews(directions).entries()) {
    const value = values[i] as number;
    addScaled(row, row, Math.sqrt(n / value) / (wide ? Math.sqrt(value) : 1) - 1);
  }
  return { mean, directions };
}

/** directions · (x − mean) of every row: (n, d) → (n, r). */
export function whitened(rows: Matrix, { mean, directions }: Whitening): Matrix {
  const scores = timesTransposed(rows, directions);
  const centre = timesTransposed({ rows: 1, columns: mean.length, data: mean }, directions).data;
  for (let i = 0; i < scores.rows; i++) addScaled(rowOf(scores, i), centre, -1);
  return scores;
}
