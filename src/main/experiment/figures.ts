/** From what a cell measured to its figures. */
import { codesInUse } from '#core/causes/causes.ts';
import { codeUsage, strongestCodes } from '#core/codebook.ts';
import type { EvaluationFrame } from '#core/runFrames.ts';
import {
  factorRecovery,
  mean,
  normalizedMutualInformation,
  pearson,
  standardDeviation,
} from '#core/statistics.ts';
import { diagnose } from '#core/warnings.ts';
import { labelling } from './cellPairs.ts';
import type { Cell, CellFigures, CellResult, Measurement, PairOutcome } from './types.ts';

/** Share of margins above 0; null where one is unknown. */
function accuracyOf(margins: readonly (number | null)[]): number | null {
  let right = 0;
  for (const margin of margins) {
    if (margin === null) return null;
    if (margin > 0) right += 1;
  }
  return right / margins.length;
}

function byLabel(pairs: readonly PairOutcome[], labelOf: (promptId: string) => string) {
  const groups = Map.groupBy(pairs, ({ promptId }) => labelOf(promptId));
  const entries = [...groups].map(([label, group]): [string, number] => [
    label,
    accuracyOf(group.map(({ margin }) => margin)) as number,
  ]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function codeFigures({ codes }: Measurement, promptLabels: readonly string[]) {
  if (codes === null) {
    return {
      codePerplexity: null,
      promptEntropy: null,
      topCodeShare: null,
      deadCodes: null,
      nmi: null,
      recovery: null,
    };
  }
  const usage = codeUsage(codes.weights, codes.codes);
  const strongest = [...strongestCodes(codes.weights, codes.codes)];
  const several = new Set(promptLabels).size > 1;
  return {
    codePerplexity: usage.perplexity,
    promptEntropy: usage.meanPromptEntropy,
    topCodeShare: usage.topShare,
    deadCodes: usage.dead.length,
    nmi: several ? normalizedMutualInformation(strongest, promptLabels) : null,
    recovery: several ? factorRecovery(strongest, promptLabels) : null,
  };
}

/** Also where one label leaves nothing to be caused. */
const usedCodes = ({ codes }: Measurement): number | null =>
  codes && codesInUse(strongestCodes(codes.weights, codes.codes)).length;

/** What the run doctor says of the test figures; a cell has no evaluations on the way. */
function findings({ config }: Measurement, pairs: number, figures: CellFigures): string[] {
  const unmeasured = Number.NaN;
  const frame: EvaluationFrame = {
    type: 'evaluation',
    step: config.steps,
    pairs,
    ...figures,
    kl: figures.kl ?? 0,
    loss: unmeasured,
    rewardChosen: unmeasured,
    rewardRejected: unmeasured,
    logpChosen: unmeasured,
    logpRejected: unmeasured,
    nmiSource: figures.nmi,
    nmiAspect: null,
    codesInUse: null,
    causalRecovery: null,
    logitShift: null,
    accuracyLow: null,
    accuracyHigh: null,
    priorPosteriorGap:
      figures.posteriorAccuracy === null ? null : figures.posteriorAccuracy - figures.accuracy,
  };
  const found = diagnose({ config, steps: [], evaluations: [frame] });
  return found.map(({ message, fix }) => `${message} ${fix}`);
}

export function cellResult(cell: Cell, measurement: Measurement): CellResult {
  const data = cell.data();
  const { pairs, codes } = measurement;
  const labelOf = labelling(data);
  const promptLabels = codes?.promptIds.map(labelOf) ?? [];
  const lengths = new Map(data.test.map(({ id, chosen, rejected }) => [id, chosen.length - rejected.length]));
  const margins = pairs.map(({ margin }) => margin);
  const kls = pairs.flatMap(({ kl }) => (kl === null ? [] : [kl]));
  const figures: CellFigures = {
    accuracy: accuracyOf(margins) as number,
    posteriorAccuracy: accuracyOf(pairs.map(({ posteriorMargin }) => posteriorMargin)),
    swappedAccuracy: accuracyOf(pairs.map(({ swappedMargin }) => swappedMargin)),
    margin: mean(margins),
    marginStd: standardDeviation(margins),
    lengthCorrelation: pearson(
      margins,
      pairs.map(({ pairId }) => lengths.get(pairId) as number),
    ),
    kl: kls.length === pairs.length ? mean(kls) : null,
    ...codeFigures(measurement, promptLabels),
    causalRecovery: measurement.causes?.recovery ?? null,
    codesInUse: usedCodes(measurement),
    gainOverOneCode: measurement.causes?.gainOverOneCode.value ?? null,
    accuracyByLabel: byLabel(pairs, labelOf),
  };
  const warnings = [...new Set([...measurement.warnings, ...findings(measurement, pairs.length, figures)])];
  return { ...measurement, warnings, cell, promptLabels, figures };
}
