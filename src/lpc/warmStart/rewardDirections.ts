/** The directions of replies in which preferences differ from prompt to prompt. */
import {
  addScaled,
  addTransposedTimes,
  dot,
  type Matrix,
  matrix,
  rowOf,
  rowsAt,
  symmetricEigen,
  timesTransposed,
  transposed,
} from './matrix.ts';
import type { MixtureData } from './mixture.ts';

/** (h_x, 1) of every prompt, (n, p + 1): the taste that all prompts share counts as well. */
function withOne(prompts: Matrix): Matrix {
  const extended = matrix(prompts.rows, prompts.columns + 1);
  for (let i = 0; i < prompts.rows; i++) {
    const row = rowOf(extended, i);
    row.set(rowOf(prompts, i));
    row[prompts.columns] = 1;
  }
  return extended;
}

/** A direction along which the squared moment is below this share of the largest is noise: rounding alone decides where it points. */
const LEAST_SHARE = 1e-4;
/** What is left of an axis below this length lies along the directions that are there. */
const LEAST_LENGTH = 0.1;

/** The rows given, filled up to `count` by the axes in their order, as far as these point elsewhere; orthonormal. */
function filledUp(leading: Matrix, count: number): Matrix {
  const filled = matrix(count, leading.columns);
  filled.data.set(leading.data);
  let rows = leading.rows;
  for (const least of [LEAST_LENGTH, 0]) {
    for (let axis = 0; axis < leading.columns && rows < count; axis++) {
      const row = rowOf(filled, rows).fill(0);
      row[axis] = 1;
      // Twice over, for the sake of rounding.
      for (let pass = 0; pass < 2; pass++)
        for (let other = 0; other < rows; other++)
          addScaled(row, rowOf(filled, other), -dot(row, rowOf(filled, other)));
      const length = Math.sqrt(dot(row, row));
      if (length <= Math.max(least, 1e-8)) continue;
      addScaled(row, row, 1 / length - 1);
      rows += 1;
    }
  }
  return filled;
}

/**
 * The `count` leading right singular vectors of Σ (h_x, 1)·(a(y_w) − a(y_l))ᵀ, (count, r), orthonormal: what is preferred, as far
 * as it is linear in the prompt, lies along the first of them (reduced-rank regression). Codes of K span K directions at most;
 * looked for along all, they fit noise, and the ridge that holds noise down leaves too few of them. Where fewer directions matter,
 * the leading ones of the replies follow, so that the same pairs give the same directions on any machine.
 */
export function rewardDirections({ prompts, differences }: MixtureData, count: number): Matrix {
  const moment = matrix(prompts.columns + 1, differences.columns);
  addTransposedTimes(moment, withOne(prompts), differences);
  const columns = transposed(moment);
  const { values, vectors } = symmetricEigen(timesTransposed(columns, columns));
  const wanted = Math.min(count, differences.columns);
  const [largest = 0] = values;
  const matter = values.slice(0, wanted).filter((value) => value > LEAST_SHARE * largest).length;
  const leading = rowsAt(
    vectors,
    Array.from({ length: matter }, (_, i) => i),
  );
  return filledUp(leading, wanted);
}
