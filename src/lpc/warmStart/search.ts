/** From whitened features to the mixture that explains pairs set aside best: directions, ridge and sharpness chosen on them. */
import type { LatentConfig } from '#core/runConfig.ts';
import { mean } from '#core/statistics.ts';
import { foldsOf, MANY_PROMPTS, restOf } from './folds.ts';
import { dot, rowOf, rowsAt, rowViews, timesTransposed } from './matrix.ts';
import {
  fitMixture,
  type Mixture,
  type MixtureData,
  type MixtureSettings,
  priors,
  randomMixture,
} from './mixture.ts';
import { firstWithinError, furtherThanError, SHARPNESSES, sharpened } from './sharpness.ts';
import { type SearchData, type Space, spacesTried, type View, viewOf, widened } from './space.ts';
import { inUse, withinSpan } from './span.ts';

export interface SearchSettings {
  readonly latent: LatentConfig;
  readonly labelSmoothing: number;
  readonly seed: number;
}

/** What was chosen. */
interface Choice extends Space {
  /** Directions that the codes then span; null: as many as there are. */
  readonly span: number | null;
  /** Both ridges are multiplied by this. */
  readonly ridgeFactor: number;
  /** The prior's logits are multiplied by this once all is fitted. */
  readonly sharpness: number;
}

export interface SearchResult {
  /** Of the codes in use alone, the most used first; its codes are in the directions of the data, (K′, r), its prior reads all of them. */
  readonly mixture: Mixture;
  readonly choice: Choice;
  /** Mean loss of the choice on pairs set aside; null where there were too few to set any aside. */
  readonly validationLoss: number | null;
  /** Whether that is better than ln 2 beyond chance; null where the loss is. */
  readonly bornOut: boolean | null;
}

/** All restarts begin at the lightest ridge; the best one goes on, to one ridge after the other. */
const FIRST_ITERATIONS = 80;
const RIDGE_ITERATIONS = 60;
/** With the ridge chosen, on all pairs. */
const LAST_ITERATIONS = 150;
/** Along fewer of the codes' own directions, from where a fit has come to. */
const SPANS: readonly (number | null)[] = [1, 2, 4, null];
const SPAN_ITERATIONS = 80;
/** Several codes must be better than one, or none, by as many standard errors. */
const CONFIRMED = 1.64;
/**
 * From light to heavy: a heavier ridge lets codes go that a lighter one needs, and none comes back. In pairs, so that few pairs
 * need lighter ones too.
 */
const RIDGE_FACTORS: readonly number[] = [0.5, 1, 3];
const RIDGE_FACTORS_OF_FEW: readonly number[] = [1 / 16, 1 / 4, 1, 3];

const ridgesTried = ({ promptIds }: SearchData): readonly number[] =>
  new Set(promptIds).size < MANY_PROMPTS ? RIDGE_FACTORS_OF_FEW : RIDGE_FACTORS;

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

interface Fit {
  readonly ridgeFactor: number;
  readonly span: number | null;
  readonly mixture: Mixture;
}

interface FitsWanted {
  readonly restarts: number;
  /** From light to heavy. */
  readonly ridges: readonly number[];
  /** With every ridge. */
  readonly spans: readonly (number | null)[];
}

/**
 * Fits of one space by ridge, from light to heavy, and span; the lightest is the best of several first draws.
 */
function fitsOf({ data }: View, settings: SearchSettings, { codes }: Space, wanted: FitsWanted): Fit[] {
  const [lightest = 1] = wanted.ridges;
  const first = settingsFor(settings, lightest, FIRST_ITERATIONS);
  // One code has one best fit, wherever it begins.
  const begun = Array.from({ length: codes === 1 ? 1 : wanted.restarts }, (_, restart) =>
    fitMixture(data, randomMixture(data, codes, settings.seed, restart), first),
  );
  let { mixture } = begun.reduce((lowest, other) => (other.loss < lowest.loss ? other : lowest));
  return wanted.ridges.flatMap((ridgeFactor) => {
    ({ mixture } = fitMixture(data, mixture, settingsFor(settings, ridgeFactor, RIDGE_ITERATIONS)));
    const narrowed = settingsFor(settings, ridgeFactor, SPAN_ITERATIONS);
    return wanted.spans.map((span) => ({
      ridgeFactor,
      span,
      mixture: withinSpan(data, inUse(mixture, data.prompts), span, narrowed),
    }));
  });
}

const foldRestarts = ({ warmStartRestarts }: LatentConfig): number => Math.min(2, warmStartRestarts);

interface Candidate extends Omit<Choice, 'sharpness'> {
  /** Of each pair, once set aside; by sharpness. */
  readonly losses: readonly number[][];
}

/** Losses with the sharpness that suits the candidate: a heavy ridge leaves the prior unsure of codes that it tells well. */
const lowestOf = ({ losses }: Candidate): readonly number[] =>
  losses.reduce((lowest, other) => (mean(other) < mean(lowest) ? other : lowest));
const bestOf = (candidates: readonly Candidate[]): Candidate =>
  candidates.reduce((lowest, other) => (mean(lowestOf(other)) < mean(lowestOf(lowest)) ? other : lowest));

const betterThanNothing = (losses: readonly number[]): boolean =>
  furtherThanError(
    losses.map(() => Math.LN2),
    losses,
    CONFIRMED,
  );

/** One code for all, where that, or none at all, is as good as the best of several codes, as far as pairs set aside can tell. */
function bestCandidate(candidates: readonly Candidate[]): Candidate {
  const single = bestOf(candidates.filter(({ codes }) => codes === 1));
  const several = candidates.filter(({ codes }) => codes > 1);
  if (several.length === 0) return single;
  const best = bestOf(several);
  const found = lowestOf(best);
  const stands = furtherThanError(lowestOf(single), found, CONFIRMED) && betterThanNothing(found);
  return stands ? best : single;
}

async function choose(
  data: SearchData,
  settings: SearchSettings,
  folds: readonly (readonly number[])[],
  reported: () => Promise<boolean>,
): Promise<{ readonly choice: Choice; readonly loss: number; readonly bornOut: boolean } | null> {
  const spaces = spacesTried(data, settings.latent);
  const ridges = ridgesTried(data);
  const candidates = spaces.map((space) =>
    ridges.flatMap((ridgeFactor) =>
      SPANS.map((span): Candidate => ({ ...space, ridgeFactor, span, losses: SHARPNESSES.map(() => []) })),
    ),
  );
  for (const fold of folds.keys()) {
    const aside = subset(data, folds[fold] as readonly number[]);
    const rest = subset(data, restOf(folds, fold));
    for (const [place, space] of spaces.entries()) {
      if (!(await reported())) return null;
      const view = viewOf(rest, space);
      const fits = fitsOf(view, settings, space, {
        restarts: foldRestarts(settings.latent),
        ridges,
        spans: SPANS,
      });
      for (const [row, { mixture, ridgeFactor }] of fits.entries()) {
        const fitted = widened(mixture, view, aside.prompts.columns);
        const weighed = settingsFor(settings, ridgeFactor, 0);
        for (const [at, sharpness] of SHARPNESSES.entries())
          candidates[place]?.[row]?.losses[at]?.push(
            ...heldOutLosses(aside, sharpened(fitted, sharpness), weighed),
          );
      }
    }
  }
  const { losses, ...best } = bestCandidate(candidates.flat());
  const place = firstWithinError(losses);
  return {
    choice: { ...best, sharpness: SHARPNESSES[place] as number },
    loss: mean(losses[place] as number[]),
    bornOut: betterThanNothing(losses[place] as number[]),
  };
}

/** How often `reported` is called in a search. */
export function searchParts(data: SearchData, { latent, seed }: SearchSettings): number {
  const folds = foldsOf(data.promptIds, seed);
  return (folds?.length ?? 0) * spacesTried(data, latent).length + 1;
}

/**
 * Chooses directions, ridge and sharpness by pairs set aside in folds, and fits with them to all pairs. `reported` is called
 * before each part; false ends the search, with null.
 */
export async function searchMixture(
  data: SearchData,
  settings: SearchSettings,
  reported: () => Promise<boolean>,
): Promise<SearchResult | null> {
  const { latent, seed } = settings;
  const folds = foldsOf(data.promptIds, seed);
  const found = folds && (await choose(data, settings, folds, reported));
  if ((folds !== null && found === null) || !(await reported())) return null;
  const widest = spacesTried(data, latent).at(-1) as Space;
  const choice = found?.choice ?? { ...widest, span: null, ridgeFactor: 1, sharpness: 1 };
  const { ridgeFactor, sharpness, span } = choice;
  const view = viewOf(data, choice);
  const fits = fitsOf(view, settings, choice, {
    restarts: latent.warmStartRestarts,
    ridges: ridgesTried(data).filter((factor) => factor <= ridgeFactor),
    spans: [null],
  });
  const last = settingsFor(settings, ridgeFactor, LAST_ITERATIONS);
  const whole = fitMixture(view.data, (fits.at(-1) as Fit).mixture, last).mixture;
  const fitted = withinSpan(view.data, inUse(whole, view.data.prompts), span, last);
  return {
    mixture: inUse(sharpened(widened(fitted, view, data.prompts.columns), sharpness), data.prompts),
    choice,
    validationLoss: found?.loss ?? null,
    bornOut: found?.bornOut ?? null,
  };
}
