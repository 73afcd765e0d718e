/** Codes in use, and codes held to a few directions of their own. */
import {
  addScaled,
  type Matrix,
  matrix,
  rowOf,
  rowsAt,
  rowViews,
  symmetricEigen,
  times,
  timesTransposed,
} from './matrix.ts';
import {
  codesInUse,
  fitMixture,
  type Mixture,
  type MixtureData,
  type MixtureSettings,
  priors,
  withCodes,
} from './mixture.ts';

/** Mean p(k|x) of each code. */
function meanPrior(mixture: Mixture, prompts: Matrix): Float64Array {
  const use = new Float64Array(mixture.codes.rows);
  for (const prior of rowViews(priors(mixture, prompts))) addScaled(use, prior, 1 / prompts.rows);
  return use;
}

/** Of the codes in use alone, the most used first. */
export const inUse = (mixture: Mixture, prompts: Matrix): Mixture =>
  withCodes(mixture, codesInUse(meanPrior(mixture, prompts)));

/** Leading directions of the codes, each code weighing its use: (span, r), orthonormal rows. */
function leadingSpan(mixture: Mixture, prompts: Matrix, span: number): Matrix {
  const use = meanPrior(mixture, prompts);
  const { codes } = mixture;
  const scaled = matrix(codes.rows, codes.columns);
  for (let k = 0; k < codes.rows; k++)
    addScaled(rowOf(scaled, k), rowOf(codes, k), Math.sqrt(use[k] as number));
  // Left singular vectors by the small Gram matrix, right ones from them.
  const { values, vectors } = symmetricEigen(timesTransposed(scaled, scaled));
  const kept = Math.min(span, values.filter((value) => value > 1e-12 * (values[0] as number)).length);
  const right = times(
    rowsAt(
      vectors,
      Array.from({ length: kept }, (_, i) => i),
    ),
    scaled,
  );
  for (let i = 0; i < kept; i++) {
    const row = rowOf(right, i);
    addScaled(row, row, 1 / Math.sqrt(values[i] as number) - 1);
  }
  return right;
}

/** The mixture with codes within their leading directions, fitted on from there. */
export function withinSpan(
  data: MixtureData,
  mixture: Mixture,
  span: number | null,
  settings: MixtureSettings,
): Mixture {
  if (span === null || span >= mixture.codes.rows) return mixture;
  const basis = leadingSpan(mixture, data.prompts, span);
  const narrow = { prompts: data.prompts, differences: timesTransposed(data.differences, basis) };
  const start = { ...mixture, codes: timesTransposed(mixture.codes, basis) };
  const fitted = fitMixture(narrow, start, settings).mixture;
  return { ...fitted, codes: times(fitted.codes, basis) };
}
