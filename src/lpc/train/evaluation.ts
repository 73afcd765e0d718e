/** Held-out figures: every accuracy without a prefix is the prior's, and strict (margin > 0). */
import type { NamedData } from '#compute/program.ts';
import { codesInUse } from '#core/causes/causes.ts';
import { codeUsage, strongestCodes } from '#core/codebook.ts';
import type { PairResult, StrongestCode } from '#core/jobs.ts';
import { codesOf, hasPosterior, learnsFromSingles } from '#core/methods.ts';
import { meanOverPrompts } from '#core/overPrompts.ts';
import type { SingleSide } from '#core/preference.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { EvaluationFrame } from '#core/runFrames.ts';
import { mean, normalizedMutualInformation, pearson, standardDeviation } from '#core/statistics.ts';
import { type EncodedPair, isPair, labelledReplies } from '../packing/encode.ts';
import type { PackedRow } from '../packing/pack.ts';

/** One held-out pair as the evaluation program saw it. */
export interface MeasuredPair {
  readonly pair: EncodedPair;
  readonly result: PairResult;
  readonly loss: number;
  /** p(z|x), K values; null without a latent. */
  readonly prior: Float32Array | null;
  /** h_x, d values; null without codes. */
  readonly state: Float32Array | null;
  /** Standard deviation over the vocabulary of what z adds to the logits; null where z isn't at the head. */
  readonly logitShift: number | null;
}

function strongestOf(weights: Float32Array | null): StrongestCode | null {
  if (weights === null) return null;
  const code = weights.reduce(
    (best, weight, index) => (weight > (weights[best] as number) ? index : best),
    0,
  );
  return { code, weight: weights[code] as number };
}

/** Those in which two replies are compared: a label of a single reply is no pair that a person could look at. */
export const ofPairs = (measured: readonly MeasuredPair[]): MeasuredPair[] =>
  measured.filter(({ pair }) => isPair(pair));

export const pairResults = (measured: readonly MeasuredPair[]): PairResult[] =>
  ofPairs(measured).map(({ result }) => result);

/** Takes the program's outputs of one row apart, by pair. */
export function measuredPairs(
  row: PackedRow,
  outputs: NamedData,
  config: Pick<RunConfig, 'latent'>,
): MeasuredPair[] {
  const codes = codesOf(config);
  const posterior = hasPosterior(config);
  const weightsOf = (name: string, slot: number): Float32Array | null =>
    codes === null || (name === 'posterior' && !posterior)
      ? null
      : (outputs[name] as Float32Array).slice(slot * codes, (slot + 1) * codes);
  const value = (name: string, index: number): number => {
    const values = outputs[name];
    if (!values) throw new RangeError(`the evaluation program has no output ${name}`);
    return values[index] as number;
  };
  const states = codes === null ? undefined : (outputs.promptStates as Float32Array | undefined);
  const stateOf = (slot: number): Float32Array | null => {
    if (!states) return null;
    const size = states.length / row.shape.pairs;
    return states.slice(slot * size, (slot + 1) * size);
  };
  return row.pairs.map((pair, slot) => ({
    pair,
    result: {
      pairId: pair.pairId,
      margin: value('margin', slot),
      rewardChosen: value('rewards', 2 * slot),
      rewardRejected: value('rewards', 2 * slot + 1),
      logpChosen: value('logps', 2 * slot),
      logpRejected: value('logps', 2 * slot + 1),
      posteriorMargin: posterior ? value('posteriorMargin', slot) : null,
      swappedMargin: posterior ? value('swappedMargin', slot) : null,
      kl: posterior ? value('kl', slot) : null,
      prior: strongestOf(weightsOf('prior', slot)),
      posterior: strongestOf(weightsOf('posterior', slot)),
    },
    loss: value('loss', slot),
    prior: weightsOf('prior', slot),
    state: stateOf(slot),
    logitShift: (outputs.logitShift?.[slot] as number | undefined) ?? null,
  }));
}

/** Of prompts, for the accuracy's interval. */
const RESAMPLES = 1000;

export const accuracyOf = (margins: readonly number[]): number =>
  mean(margins.map((margin) => (margin > 0 ? 1 : 0)));

type CodeFigures = Pick<
  EvaluationFrame,
  'codePerplexity' | 'promptEntropy' | 'topCodeShare' | 'deadCodes' | 'codesInUse' | 'nmiSource' | 'nmiAspect'
>;

/** Where a pair comes from and what its label is about. */
export interface PairOrigin {
  readonly source: string;
  readonly aspect: string | null;
}

/** NMI of strongest codes and labels, over the prompts that have one; null where all have the same. */
function nmi(strongest: Int32Array, labels: readonly (string | null)[]): number | null {
  const known = labels.flatMap((label, row) =>
    label === null ? [] : [{ label, code: strongest[row] as number }],
  );
  if (new Set(known.map(({ label }) => label)).size < 2) return null;
  return normalizedMutualInformation(
    known.map(({ code }) => code),
    known.map(({ label }) => label),
  );
}

/** Figures of the codes, each prompt counted once however many pairs it has. */
function codeFigures(
  measured: readonly MeasuredPair[],
  codes: number | null,
  originOf: (pairId: string) => PairOrigin,
): CodeFigures {
  if (codes === null) {
    return {
      codePerplexity: null,
      promptEntropy: null,
      topCodeShare: null,
      deadCodes: null,
      codesInUse: null,
      nmiSource: null,
      nmiAspect: null,
    };
  }
  const prompts = [...new Map(measured.map((item) => [item.pair.promptId, item])).values()];
  const weights = new Float32Array(prompts.length * codes);
  for (const [row, { prior }] of prompts.entries()) weights.set(prior as Float32Array, row * codes);
  const usage = codeUsage(weights, codes);
  const strongest = strongestCodes(weights, codes);
  const origins = prompts.map(({ pair }) => originOf(pair.pairId));
  return {
    codePerplexity: usage.perplexity,
    promptEntropy: usage.meanPromptEntropy,
    topCodeShare: usage.topShare,
    deadCodes: usage.dead.length,
    codesInUse: codesInUse(strongest).length,
    nmiSource: nmi(
      strongest,
      origins.map(({ source }) => source),
    ),
    nmiAspect: nmi(
      strongest,
      origins.map(({ aspect }) => aspect),
    ),
  };
}

/** Mean over the pairs that have the reply; 0 where none has. */
export function meanOfSide<T>(
  items: readonly T[],
  pairOf: (item: T) => EncodedPair,
  side: SingleSide,
  value: (item: T, place: number) => number,
): number {
  const values = items.flatMap((item, place) => (pairOf(item)[side].length > 0 ? [value(item, place)] : []));
  return values.length === 0 ? 0 : mean(values);
}

/** Mean loss of what the objective takes for an example: a pair, or each of its replies. */
function lossOf(measured: readonly MeasuredPair[], config: Pick<RunConfig, 'objective'>): number {
  const examples = learnsFromSingles(config)
    ? measured.reduce((sum, { pair }) => sum + labelledReplies(pair), 0)
    : measured.length;
  return measured.reduce((sum, { loss }) => sum + loss, 0) / examples;
}

/** The frame of an evaluation; with no held-out pairs there is none. */
export function evaluationFrame(
  step: number,
  measured: readonly MeasuredPair[],
  config: Pick<RunConfig, 'latent' | 'objective'>,
  originOf: (pairId: string) => PairOrigin,
): EvaluationFrame | null {
  if (measured.length === 0) return null;
  const results = measured.map(({ result }) => result);
  const margins = results.map(({ margin }) => margin);
  const posterior = hasPosterior(config);
  const side = (of: SingleSide, value: (result: PairResult) => number): number =>
    meanOfSide(
      measured,
      ({ pair }) => pair,
      of,
      ({ result }) => value(result),
    );
  const hits = measured.map(({ pair, result }) => ({
    promptId: pair.promptId,
    value: result.margin > 0 ? 1 : 0,
  }));
  const { value: accuracy, low: accuracyLow, high: accuracyHigh } = meanOverPrompts(hits, step, RESAMPLES);
  const posteriorAccuracy = posterior
    ? accuracyOf(results.map(({ posteriorMargin }) => posteriorMargin as number))
    : null;
  return {
    type: 'evaluation',
    step,
    pairs: measured.length,
    loss: lossOf(measured, config),
    accuracy,
    accuracyLow,
    accuracyHigh,
    posteriorAccuracy,
    swappedAccuracy: posterior
      ? accuracyOf(results.map(({ swappedMargin }) => swappedMargin as number))
      : null,
    priorPosteriorGap: posteriorAccuracy === null ? null : posteriorAccuracy - accuracy,
    // Measured at the end of a run alone.
    causalRecovery: null,
    margin: mean(margins),
    marginStd: standardDeviation(margins),
    rewardChosen: side('chosen', ({ rewardChosen }) => rewardChosen),
    rewardRejected: side('rejected', ({ rewardRejected }) => rewardRejected),
    logpChosen: side('chosen', ({ logpChosen }) => logpChosen),
    logpRejected: side('rejected', ({ logpRejected }) => logpRejected),
    kl: posterior ? mean(results.map(({ kl }) => kl as number)) : 0,
    ...codeFigures(measured, codesOf(config), originOf),
    logitShift: measured[0]?.logitShift == null ? null : mean(measured.map((pair) => pair.logitShift ?? 0)),
    lengthCorrelation: pearson(
      margins,
      measured.map(({ pair }) => pair.chosen.length - pair.rejected.length),
    ),
  };
}
