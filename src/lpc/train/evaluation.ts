/** Held-out figures: every accuracy without a prefix is the prior's, and strict (margin > 0). */
import type { NamedData } from '#compute/program.ts';
import { codeUsage, strongestCodes } from '#core/codebook.ts';
import type { PairResult } from '#core/jobs.ts';
import type { EvaluationFrame } from '#core/runFrames.ts';
import { mean, normalizedMutualInformation, pearson, standardDeviation } from '#core/statistics.ts';
import type { EncodedPair } from '../packing/encode.ts';
import type { PackedRow } from '../packing/pack.ts';

/** One held-out pair as the evaluation program saw it. */
export interface MeasuredPair {
  readonly pair: EncodedPair;
  readonly result: PairResult;
  readonly loss: number;
  readonly logpChosen: number;
  readonly logpRejected: number;
  /** p(z|x), K values; null without a latent. */
  readonly prior: Float32Array | null;
}

/** Takes the program's outputs of one row apart, by pair. */
export function measuredPairs(row: PackedRow, outputs: NamedData, codes: number | null): MeasuredPair[] {
  const value = (name: string, index: number): number => {
    const values = outputs[name];
    if (!values) throw new RangeError(`the evaluation program has no output ${name}`);
    return values[index] as number;
  };
  return row.pairs.map((pair, slot) => ({
    pair,
    result: {
      pairId: pair.pairId,
      margin: value('margin', slot),
      rewardChosen: value('rewards', 2 * slot),
      rewardRejected: value('rewards', 2 * slot + 1),
      posteriorMargin: codes === null ? null : value('posteriorMargin', slot),
      swappedMargin: codes === null ? null : value('swappedMargin', slot),
      kl: codes === null ? null : value('kl', slot),
    },
    loss: value('loss', slot),
    logpChosen: value('logps', 2 * slot),
    logpRejected: value('logps', 2 * slot + 1),
    prior: codes === null ? null : (outputs.prior as Float32Array).slice(slot * codes, (slot + 1) * codes),
  }));
}

export const accuracyOf = (margins: readonly number[]): number =>
  mean(margins.map((margin) => (margin > 0 ? 1 : 0)));

type CodeFigures = Pick<
  EvaluationFrame,
  'codePerplexity' | 'promptEntropy' | 'topCodeShare' | 'deadCodes' | 'nmiSource'
>;

/** Figures of the codes, each prompt counted once however many pairs it has. */
function codeFigures(
  measured: readonly MeasuredPair[],
  codes: number | null,
  sourceOf: (pairId: string) => string,
): CodeFigures {
  if (codes === null) {
    return {
      codePerplexity: null,
      promptEntropy: null,
      topCodeShare: null,
      deadCodes: null,
      nmiSource: null,
    };
  }
  const prompts = [...new Map(measured.map((item) => [item.pair.promptId, item])).values()];
  const weights = new Float32Array(prompts.length * codes);
  for (const [row, { prior }] of prompts.entries()) weights.set(prior as Float32Array, row * codes);
  const usage = codeUsage(weights, codes);
  const sources = prompts.map(({ pair }) => sourceOf(pair.pairId));
  const severalSources = new Set(sources).size > 1;
  return {
    codePerplexity: usage.perplexity,
    promptEntropy: usage.meanPromptEntropy,
    topCodeShare: usage.topShare,
    deadCodes: usage.dead.length,
    nmiSource: severalSources
      ? normalizedMutualInformation([...strongestCodes(weights, codes)], sources)
      : null,
  };
}

/** The frame of an evaluation; with no held-out pairs there is none. */
export function evaluationFrame(
  step: number,
  measured: readonly MeasuredPair[],
  codes: number | null,
  sourceOf: (pairId: string) => string,
): EvaluationFrame | null {
  if (measured.length === 0) return null;
  const results = measured.map(({ result }) => result);
  const margins = results.map(({ margin }) => margin);
  const optional = (values: readonly (number | null)[]): number | null =>
    codes === null ? null : accuracyOf(values as number[]);
  return {
    type: 'evaluation',
    step,
    pairs: measured.length,
    loss: mean(measured.map(({ loss }) => loss)),
    accuracy: accuracyOf(margins),
    posteriorAccuracy: optional(results.map(({ posteriorMargin }) => posteriorMargin)),
    swappedAccuracy: optional(results.map(({ swappedMargin }) => swappedMargin)),
    margin: mean(margins),
    marginStd: standardDeviation(margins),
    rewardChosen: mean(results.map(({ rewardChosen }) => rewardChosen)),
    rewardRejected: mean(results.map(({ rewardRejected }) => rewardRejected)),
    logpChosen: mean(measured.map(({ logpChosen }) => logpChosen)),
    logpRejected: mean(measured.map(({ logpRejected }) => logpRejected)),
    kl: codes === null ? 0 : mean(results.map(({ kl }) => kl as number)),
    ...codeFigures(measured, codes, sourceOf),
    lengthCorrelation: pearson(
      margins,
      measured.map(({ pair }) => pair.chosen.length - pair.rejected.length),
    ),
  };
}
