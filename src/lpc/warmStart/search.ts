/** From whitened features to the mixture that explains pairs set aside best: restarts, ridge and subspace chosen on them. */
import { randomSource } from '#core/random.ts';
import type { LatentConfig } from '#core/runConfig.ts';
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
  fitMixture,
  type Mixture,
  type MixtureData,
  type MixtureSettings,
  priors,
  randomMixture,
} from './mixture.ts';

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
}

export interface SearchResult {
  /** Of the codes in use alone, the most used first; its codes are in the directions of the data, (K′, r). */
  readonly mixture: Mixture;
  readonly choice: Choice;
  /** Mean loss of the choice on pairs set aside; null where there were too few to set any aside. */
  readonly validationLoss: number | null;
}

const FOLDS = 3;
const FIRST_ITERATIONS = 300;
const SPAN_ITERATIONS = 150;
const SPANS: readonly (number | null)[] = [1, 2, 3, 4, 6, 8, null];
const RIDGE_FACTORS = [1, 3] as const;
/** Fewer prompts are not worth being set aside. */
const FEWEST_PROMPTS = 12;
/** A code with less of the mean of p(k|x) is not in use. */
const LEAST_USE = 1e-3;

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

/** The codes in use, the most used first. */
function inUse(mixture: Mixture, prompts: Matrix): Mixture {
  const use = meanPrior(mixture, prompts);
  const order = [...use.keys()].sort((a, b) => (use[b] as number) - (use[a] as number));
  const kept = order.filter((code, place) => place === 0 || (use[code] as number) >= LEAST_USE);
  return {
    codes: rowsAt(mixture.codes, kept),
    weight: rowsAt(mixture.weight, kept),
    bias: Float64Array.from(kept, (code) => mixture.bias[code] as number),
  };
}

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

/** −log P of the margin under the mean code, and what the codes cost; the mean over pairs. */
function heldOutLoss(
  { prompts, differences }: MixtureData,
  mixture: Mixture,
  settings: MixtureSettings,
): number {
  const { codes } = mixture;
  const margins = timesTransposed(differences, codes);
  const squares = Float64Array.from(rowViews(codes), (code) => dot(code, code));
  let loss = 0;
  for (const [i, prior] of rowViews(priors(mixture, prompts)).entries()) {
    const margin = dot(prior, rowOf(margins, i));
    const cost = dot(prior, squares);
    const right = 1 / (1 + Math.exp(-margin));
    const likelihood = settings.labelSmoothing + (1 - 2 * settings.labelSmoothing) * right;
    loss += -Math.log(Math.max(likelihood, 1e-300)) + (settings.codeCost / 2) * cost;
  }
  return loss / prompts.rows;
}

/** Fits from several first draws; the lowest loss on the pairs it was fitted to counts. */
async function bestFit(
  data: MixtureData,
  settings: SearchSettings,
  ridgeFactor: number,
  restarts: number,
  reported: () => Promise<boolean>,
): Promise<Mixture | null> {
  const { latent, seed } = settings;
  let best: { mixture: Mixture; loss: number } | null = null;
  for (let restart = 0; restart < restarts; restart++) {
    if (!(await reported())) return null;
    const start = randomMixture(data, latent.codes, seed, restart);
    const fitted = fitMixture(data, start, settingsFor(settings, ridgeFactor, FIRST_ITERATIONS));
    if (best === null || fitted.loss < best.loss) best = fitted;
  }
  return best && inUse(best.mixture, data.prompts);
}

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

const keyOf = ({ span, ridgeFactor }: Choice): string => `${span} ${ridgeFactor}`;

async function choose(
  data: SearchData,
  settings: SearchSettings,
  folds: readonly (readonly number[])[],
  reported: () => Promise<boolean>,
): Promise<{ readonly choice: Choice; readonly loss: number } | null> {
  const losses = new Map<string, { choice: Choice; loss: number }>();
  for (const [fold, places] of folds.entries()) {
    const aside = subset(data, places);
    const rest = subset(
      data,
      folds.flatMap((others, other) => (other === fold ? [] : others)),
    );
    for (const ridgeFactor of RIDGE_FACTORS) {
      const fitted = await bestFit(
        rest,
        settings,
        ridgeFactor,
        Math.min(2, settings.latent.warmStartRestarts),
        reported,
      );
      if (fitted === null) return null;
      const withSpan = settingsFor(settings, ridgeFactor, SPAN_ITERATIONS);
      for (const span of SPANS) {
        const choice = { span, ridgeFactor };
        const known = losses.get(keyOf(choice));
        const loss = heldOutLoss(aside, withinSpan(rest, fitted, span, withSpan), withSpan) / folds.length;
        losses.set(keyOf(choice), { choice, loss: (known?.loss ?? 0) + loss });
      }
    }
  }
  return [...losses.values()].reduce((best, other) => (other.loss < best.loss ? other : best));
}

/** How often `reported` is called in a search. */
export const searchParts = ({ warmStartRestarts }: LatentConfig): number =>
  FOLDS * RIDGE_FACTORS.length * Math.min(2, warmStartRestarts) + warmStartRestarts;

/**
 * Chooses span and ridge by pairs set aside in three folds, and fits with them to all pairs. `reported` is called before each
 * fit; false ends the search, with null.
 */
export async function searchMixture(
  data: SearchData,
  settings: SearchSettings,
  reported: () => Promise<boolean>,
): Promise<SearchResult | null> {
  const folds = foldsOf(data.promptIds, settings.seed);
  const found = folds && (await choose(data, settings, folds, reported));
  if (folds !== null && found === null) return null;
  const choice = found?.choice ?? { span: null, ridgeFactor: 1 };
  const { ridgeFactor, span } = choice;
  const fitted = await bestFit(data, settings, ridgeFactor, settings.latent.warmStartRestarts, reported);
  if (fitted === null) return null;
  const mixture = withinSpan(data, fitted, span, settingsFor(settings, ridgeFactor, SPAN_ITERATIONS));
  return { mixture: inUse(mixture, data.prompts), choice, validationLoss: found?.loss ?? null };
}
