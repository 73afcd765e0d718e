/** From whitened features to the mixture that explains pairs set aside best: ridge, subspace and sharpness chosen on them. */
import { randomSource } from '#core/random.ts';
import type { LatentConfig } from '#core/runConfig.ts';
import { mean } from '#core/statistics.ts';
import {
  addScaled,
  dot,
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
  randomMixture,
  withCodes,
} from './mixture.ts';
import { firstWithinError, SHARPNESSES, sharpened } from './sharpness.ts';

export interface SearchData extends MixtureData {
  /** Prompt of each pair: pairs of one prompt are set aside together. */
  readonly promptIds: readonly string[];
}

export interface SearchSettings {
  readonly latent: LatentConfig;
  readonly labelSmoothing: number;
  readonly seed: number;
}

/** What was chosen. */
interface Choice {
  /** Directions that the codes span; null: as many as there are. */
  readonly span: number | null;
  /** Both ridges are multiplied by this. */
  readonly ridgeFactor: number;
  /** The prior's logits are multiplied by this once all is fitted. */
  readonly sharpness: number;
}

export interface SearchResult {
  /** Of the codes in use alone, the most used first; its codes are in the directions of the data, (K′, r). */
  readonly mixture: Mixture;
  readonly choice: Choice;
  /** Mean loss of the choice on pairs set aside; null where there were too few to set any aside. */
  readonly validationLoss: number | null;
}

const FOLDS = 3;
/** All restarts begin; the best one goes on. */
const FIRST_ITERATIONS = 100;
const MORE_ITERATIONS = 200;
/** With another ridge from where a fit has come to. */
const RIDGE_ITERATIONS = 100;
const SPAN_ITERATIONS = 150;
const SPANS: readonly (number | null)[] = [1, 2, 3, 4, 6, 8, null];
const RIDGE_FACTORS = [1, 3] as const;
/** Fewer prompts are not worth being set aside. */
const FEWEST_PROMPTS = 12;

const subset = ({ prompts, differences, promptIds }: SearchData, places: readonly number[]): SearchData => ({
  prompts: rowsAt(prompts, places),
  differences: rowsAt(differences, places),
  promptIds: places.map((place) => promptIds[place] as string),
});

const settingsFor = (
  { latent, labelSmoothing }: SearchSettings,
  ridgeFactor: number,
  iterations: number,
): MixtureSettings => ({
  codeRidge: latent.codeRidge * ridgeFactor,
  priorRidge: latent.priorRidge * ridgeFactor,
  codeCost: latent.codeCost,
  labelSmoothing,
  iterations,
});

/** Mean p(k|x) of each code. */
function meanPrior(mixture: Mixture, prompts: Matrix): Float64Array {
  const use = new Float64Array(mixture.codes.rows);
  for (const prior of rowViews(priors(mixture, prompts))) addScaled(use, prior, 1 / prompts.rows);
  return use;
}

/** Of the codes in use alone, the most used first. */
const inUse = (mixture: Mixture, prompts: Matrix): Mixture =>
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
function withinSpan(
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

/** Of each pair −log P of the margin under the mean code, and what the codes cost. */
function heldOutLosses(
  { prompts, differences }: MixtureData,
  mixture: Mixture,
  settings: MixtureSettings,
): number[] {
  const { codes } = mixture;
  const margins = timesTransposed(differences, codes);
  const squares = Float64Array.from(rowViews(codes), (code) => dot(code, code));
  return rowViews(priors(mixture, prompts)).map((prior, i) => {
    const margin = dot(prior, rowOf(margins, i));
    const right = 1 / (1 + Math.exp(-margin));
    const likelihood = settings.labelSmoothing + (1 - 2 * settings.labelSmoothing) * right;
    return -Math.log(Math.max(likelihood, 1e-300)) + (settings.codeCost / 2) * dot(prior, squares);
  });
}

/** Fits from several first draws; the one with the lowest loss on the pairs it was fitted to goes on. */
async function bestFit(
  data: MixtureData,
  settings: SearchSettings,
  restarts: number,
  reported: () => Promise<boolean>,
): Promise<Mixture | null> {
  const { latent, seed } = settings;
  let best: { mixture: Mixture; loss: number } | null = null;
  for (let restart = 0; restart < restarts; restart++) {
    if (!(await reported())) return null;
    const start = randomMixture(data, latent.codes, seed, restart);
    const fitted = fitMixture(data, start, settingsFor(settings, 1, FIRST_ITERATIONS));
    if (best === null || fitted.loss < best.loss) best = fitted;
  }
  if (best === null || !(await reported())) return null;
  return fitMixture(data, best.mixture, settingsFor(settings, 1, MORE_ITERATIONS)).mixture;
}

/** With this ridge, from the fit with a factor of 1. */
const withRidge = (
  data: MixtureData,
  fitted: Mixture,
  settings: SearchSettings,
  ridgeFactor: number,
): Mixture =>
  inUse(
    ridgeFactor === 1
      ? fitted
      : fitMixture(data, fitted, settingsFor(settings, ridgeFactor, RIDGE_ITERATIONS)).mixture,
    data.prompts,
  );

/** Pairs by fold, those of one prompt together; null where there are too few prompts. */
function foldsOf(promptIds: readonly string[], seed: number): number[][] | null {
  const prompts = [...new Set(promptIds)];
  if (prompts.length < FEWEST_PROMPTS) return null;
  const order = randomSource({ seed, stream: 'warm-start.folds', counter: 0 }).shuffle(prompts);
  const foldOf = new Map(order.map((prompt, place) => [prompt, place % FOLDS]));
  return Array.from({ length: FOLDS }, (_, fold) =>
    promptIds.flatMap((prompt, place) => (foldOf.get(prompt) === fold ? [place] : [])),
  );
}

const foldRestarts = ({ warmStartRestarts }: LatentConfig): number => Math.min(2, warmStartRestarts);

interface Candidate extends Omit<Choice, 'sharpness'> {
  /** Of each pair, once set aside; by sharpness. */
  readonly losses: readonly number[][];
}

async function choose(
  data: SearchData,
  settings: SearchSettings,
  folds: readonly (readonly number[])[],
  reported: () => Promise<boolean>,
): Promise<{ readonly choice: Choice; readonly loss: number } | null> {
  const candidates = RIDGE_FACTORS.flatMap((ridgeFactor) =>
    SPANS.map((span): Candidate => ({ span, ridgeFactor, losses: SHARPNESSES.map(() => []) })),
  );
  for (const [fold, places] of folds.entries()) {
    const aside = subset(data, places);
    const rest = subset(
      data,
      folds.flatMap((others, other) => (other === fold ? [] : others)),
    );
    const first = await bestFit(rest, settings, foldRestarts(settings.latent), reported);
    if (first === null) return null;
    for (const factor of RIDGE_FACTORS) {
      if (!(await reported())) return null;
      const fitted = withRidge(rest, first, settings, factor);
      const withSpan = settingsFor(settings, factor, SPAN_ITERATIONS);
      for (const { span, losses } of candidates.filter(({ ridgeFactor }) => ridgeFactor === factor)) {
        const spanned = withinSpan(rest, fitted, span, withSpan);
        for (const [place, sharpness] of SHARPNESSES.entries())
          losses[place]?.push(...heldOutLosses(aside, sharpened(spanned, sharpness), withSpan));
      }
    }
  }
  const asFitted = ({ losses }: Candidate): number => mean(losses[0] as number[]);
  const best = candidates.reduce((lowest, other) => (asFitted(other) < asFitted(lowest) ? other : lowest));
  const place = firstWithinError(best.losses);
  const choice = {
    span: best.span,
    ridgeFactor: best.ridgeFactor,
    sharpness: SHARPNESSES[place] as number,
  };
  return { choice, loss: mean(best.losses[place] as number[]) };
}

/** How often `reported` is called in a search. */
export const searchParts = (latent: LatentConfig): number =>
  FOLDS * (foldRestarts(latent) + 1 + RIDGE_FACTORS.length) + latent.warmStartRestarts + 1;

/**
 * Chooses span, ridge and sharpness by pairs set aside in three folds, and fits with them to all pairs. `reported` is called
 * before each fit; false ends the search, with null.
 */
export async function searchMixture(
  data: SearchData,
  settings: SearchSettings,
  reported: () => Promise<boolean>,
): Promise<SearchResult | null> {
  const folds = foldsOf(data.promptIds, settings.seed);
  const found = folds && (await choose(data, settings, folds, reported));
  if (folds !== null && found === null) return null;
  const choice = found?.choice ?? { span: null, ridgeFactor: 1, sharpness: 1 };
  const { ridgeFactor, span, sharpness } = choice;
  const first = await bestFit(data, settings, settings.latent.warmStartRestarts, reported);
  if (first === null) return null;
  const fitted = withRidge(data, first, settings, ridgeFactor);
  const spanned = withinSpan(data, fitted, span, settingsFor(settings, ridgeFactor, SPAN_ITERATIONS));
  const mixture = inUse(sharpened(spanned, sharpness), data.prompts);
  return { mixture, choice, validationLoss: found?.loss ?? null };
}
