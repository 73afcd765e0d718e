/** The directions of replies in which preferences differ from prompt to prompt. */
import {
  addTransposedTimes,
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

/**
 * The `count` leading right singular vectors of Σ (h_x, 1)·(a(y_w) − a(y_l))ᵀ, (count, r), orthonormal: what is preferred, as far
 * as it is linear in the prompt, lies along the first of them (reduced-rank regression). Codes of K span K directions at most;
 * looked for along all, they fit noise, and the ridge that holds noise down leaves too few of them.
 */
export function rewardDirections({ prompts, differences }: MixtureData, count: number): Matrix {
  const moment = matrix(prompts.columns + 1, differences.columns);
  addTransposedTimes(moment, withOne(prompts), differences);
  const columns = transposed(moment);
  const { vectors } = symmetricEigen(timesTransposed(columns, columns));
  return rowsAt(
    vectors,
    Array.from({ length: Math.min(count, differences.columns) }, (_, i) => i),
  );
}
