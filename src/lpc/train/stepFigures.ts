/** What one training step says of itself: figures over the pairs of all its rows, under the training mixture. */
import type { NamedData } from '#compute/program.ts';
import { codeUsage } from '#core/codebook.ts';
import { codesOf, hasPosterior } from '#core/methods.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { StepFrame } from '#core/runFrames.ts';
import { mean, pearson, standardDeviation } from '#core/statistics.ts';
import { type Finding, nonFiniteField, notFinite } from '#core/warnings.ts';
import type { PackedRow } from '../packing/pack.ts';
import { meanOfSide } from './evaluation.ts';
import type { StepOutputs } from './stepRunner.ts';

export type StepFigures = Omit<
  StepFrame,
  | 'type'
  | 'step'
  | 'totalSteps'
  | 'g'
  | 'learningRate'
  | 'headsLearningRate'
  | 'temperature'
  | 'klWeight'
  | 'tokensPerSecond'
  | 'timeLeftMs'
  | 'memoryBytes'
  | 'gpuLoad'
  | 'gpuMemoryBytes'
  | 'stage'
>;

/** p(z|x) of the step's pairs, (pairs, K); null without a codebook. */
export function stepPriors(
  rows: readonly PackedRow[],
  outputs: readonly NamedData[],
  codes: number | null,
): Float32Array | null {
  if (codes === null) return null;
  const priors = new Float32Array(rows.reduce((sum, row) => sum + row.pairs.length, 0) * codes);
  let at = 0;
  for (const [index, row] of rows.entries()) {
    const { prior } = outputs[index] as NamedData;
    priors.set((prior as Float32Array).subarray(0, row.pairs.length * codes), at);
    at += row.pairs.length * codes;
  }
  return priors;
}

/** Values by pair, `width` of each, of the slots in use. */
const byPair = (
  rows: readonly PackedRow[],
  outputs: readonly NamedData[],
  name: string,
  width: number,
): number[] =>
  rows.flatMap((row, index) => [...(outputs[index]?.[name] ?? [])].slice(0, row.pairs.length * width));

/** Margins of the step's pairs under the training mixture. */
export const stepMargins = (rows: readonly PackedRow[], outputs: readonly NamedData[]): number[] =>
  byPair(rows, outputs, 'margin', 1);

export function stepFigures(
  rows: readonly PackedRow[],
  outputs: StepOutputs,
  config: Pick<RunConfig, 'latent'>,
): StepFigures {
  const codes = codesOf(config);
  const total = (name: string): number =>
    outputs.rows.reduce((sum, row) => sum + (row[name]?.[0] ?? Number.NaN), 0);
  const column = (values: readonly number[], side: 0 | 1): number =>
    meanOfSide(
      pairs,
      (pair) => pair,
      side === 0 ? 'chosen' : 'rejected',
      (_, place) => values[2 * place + side] as number,
    );
  const pairs = rows.flatMap((row) => row.pairs);
  const margins = stepMargins(rows, outputs.rows);
  const rewards = byPair(rows, outputs.rows, 'rewards', 2);
  const logps = byPair(rows, outputs.rows, 'logps', 2);
  const priors = stepPriors(rows, outputs.rows, codes);
  const usage = priors === null || codes === null ? null : codeUsage(priors, codes);
  return {
    loss: total('loss'),
    preferenceLoss: total('preferenceLoss'),
    klLoss: hasPosterior(config) ? total('klLoss') : null,
    bonusLoss: codes !== null && (config.latent?.batchEntropyBonus ?? 0) > 0 ? total('bonusLoss') : null,
    kl: hasPosterior(config) ? total('kl') : 0,
    gradNorm: outputs.gradNorm,
    accuracy: mean(margins.map((margin) => (margin > 0 ? 1 : 0))),
    margin: mean(margins),
    marginStd: standardDeviation(margins),
    rewardChosen: column(rewards, 0),
    rewardRejected: column(rewards, 1),
    logpChosen: column(logps, 0),
    logpRejected: column(logps, 1),
    lengthCorrelation: pearson(
      margins,
      pairs.map(({ chosen, rejected }) => chosen.length - rejected.length),
    ),
    codePerplexity: usage?.perplexity ?? null,
    promptEntropy: usage?.meanPromptEntropy ?? null,
    topCodeShare: usage?.topShare ?? null,
    deadCodes: usage?.dead.length ?? null,
    pairs: pairs.length,
    tokens: rows.reduce((sum, row) => sum + row.tokens, 0),
  };
}

/** What is wrong with a step whose numbers have left the finite; null where nothing is. */
export function brokenStep(
  figures: StepFigures,
  step: number,
  lastCheckpoint: string | null,
): (Finding & { readonly field: string }) | null {
  const { loss, kl, gradNorm, margin } = figures;
  const field = nonFiniteField({ loss, kl, gradNorm, margin });
  if (field === null) return null;
  return { ...notFinite(step, field, figures[field as 'loss'], lastCheckpoint), field };
}
