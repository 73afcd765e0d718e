/**
 * How sure codes and prior are of each label when they were fitted without it: prompts are dealt into folds, and the pairs of a
 * fold are judged by a fit to the pairs of all others. n pairs, d hidden size.
 */
import { randomSource } from '#core/random.ts';
import { FacetError } from '#core/result.ts';
import type { LatentConfig } from '#core/runConfig.ts';
import { codeDirections, promptDirections } from '../method/directions.ts';
import { byPrompt, type Features } from '../train/warmStart.ts';
import { dot, type Matrix, rowOf, rowsAt, rowViews, timesTransposed } from '../warmStart/matrix.ts';
import { fitMixture, type Mixture, priors, randomMixture } from '../warmStart/mixture.ts';
import { type Whitening, whiten, whitened } from '../warmStart/whiten.ts';

/** Fewer prompts in the fits tell nothing apart. */
const FEWEST_PROMPTS = 12;
/** Of the robust warm start, on all pairs of a fit. */
const ITERATIONS = 300;
/** Share of labels that a fit takes to be wrong: one that is sure of every label bends to the wrong ones too. */
const WRONG_SHARE = 0.1;

/** Pairs for each direction that is read, at least: along more of them a few labels fit anything. */
const PAIRS_EACH = 8;
const FEWEST_DIRECTIONS = 4;

/** Fold of each prompt, 0 to folds − 1, by lot; all pairs of a prompt share it. */
export function foldOfPrompts(
  promptIds: readonly string[],
  folds: number,
  seed: number,
): ReadonlyMap<string, number> {
  const prompts = [...new Set(promptIds)];
  if (prompts.length < Math.max(FEWEST_PROMPTS, folds))
    throw new FacetError({
      code: 'audit.too-few-prompts',
      message: `The labelled pairs have ${prompts.length} different prompts; an audit needs ${Math.max(FEWEST_PROMPTS, folds)}.`,
      fix: 'Label pairs of more prompts first.',
    });
  const order = randomSource({ seed, stream: 'audit.folds', counter: 0 }).shuffle(prompts);
  return new Map(order.map((prompt, place) => [prompt, place % folds]));
}

/** Codes, prior and the directions they read, fitted to some pairs. */
export interface Judge {
  readonly prompt: Whitening;
  readonly codes: Whitening;
  readonly mixture: Mixture;
}

/** By these pairs alone: the directions too. */
export function fitJudge(features: Features, latent: LatentConfig, seed: number): Judge {
  const { rows: pairs, columns: hiddenSize } = features.prompts;
  const most = Math.max(FEWEST_DIRECTIONS, Math.floor(pairs / PAIRS_EACH));
  const prompt = whiten(byPrompt(features), Math.min(most, promptDirections(latent, hiddenSize)), true);
  const codes = whiten(features.differences, Math.min(most, codeDirections(latent, hiddenSize)), false);
  const data = {
    prompts: whitened(features.prompts, prompt),
    differences: whitened(features.differences, codes),
  };
  const { codeRidge, priorRidge, codeCost } = latent;
  const settings = { codeRidge, priorRidge, codeCost, labelSmoothing: WRONG_SHARE, iterations: ITERATIONS };
  const start = randomMixture(data, latent.codes, seed, 0);
  return { prompt, codes, mixture: fitMixture(data, start, settings).mixture };
}

/** Margin of each label under the mean code of its prompt, (n): above 0 the label is borne out, σ of it its probability. */
export function marginsBy(judge: Judge, { prompts, differences }: Pick<Features, 'prompts' | 'differences'>) {
  const each: Matrix = timesTransposed(whitened(differences, judge.codes), judge.mixture.codes);
  const weights = priors(judge.mixture, whitened(prompts, judge.prompt));
  return Float64Array.from(rowViews(weights), (row, at) => dot(row, rowOf(each, at)));
}

/** The pairs at these places. */
export const pairsAt = (of: Features, places: readonly number[]): Features => ({
  prompts: rowsAt(of.prompts, places),
  differences: rowsAt(of.differences, places),
  promptIds: places.map((place) => of.promptIds[place] as string),
});
