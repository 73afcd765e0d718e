/** Cells that differ in seed alone, taken together: means with intervals, and differences pair by pair. */
import { crossedBootstrapInterval, type Interval, mean } from '#core/statistics.ts';
import { type Budget, budgetName } from './designs/fairBudgets.ts';
import type { CellResult, PairOutcome } from './types.ts';

/** Key of every resampling; figures repeat. */
const BOOTSTRAP_SEED = 1;

/** A mean over seeds and pairs, with its 95 % interval by the crossed bootstrap. */
export interface Estimate extends Interval {
  readonly mean: number;
}

export interface SeedRange {
  readonly mean: number;
  /** Smallest and largest of the seeds' values: too few for an interval. */
  readonly low: number;
  readonly high: number;
}

export interface Difference extends Estimate {
  readonly base: string;
  /** Seeds that both have. */
  readonly seeds: readonly number[];
}

export interface MethodSummary {
  readonly group: string;
  readonly method: string;
  readonly seeds: readonly number[];
  readonly testPairs: number;
  /** The prior's on test pairs. */
  readonly accuracy: Estimate;
  readonly accuracyBySeed: readonly number[];
  /** null for the base itself, and where it is missing. */
  readonly difference: Difference | null;
  /** Against the base with as many backbone steps, as many steps in all, as much processor time; null where it wasn't trained so. */
  readonly fair: Readonly<Record<Budget, Difference | null>>;
  readonly posteriorAccuracy: Estimate | null;
  readonly swappedAccuracy: Estimate | null;
  readonly margin: Estimate;
  readonly kl: Estimate | null;
  readonly codePerplexity: SeedRange | null;
  readonly promptEntropy: SeedRange | null;
  readonly topCodeShare: SeedRange | null;
  readonly deadCodes: SeedRange | null;
  readonly nmi: SeedRange | null;
  readonly recovery: SeedRange | null;
  readonly causalRecovery: SeedRange | null;
  readonly codesInUse: SeedRange | null;
  readonly gainOverOneCode: SeedRange | null;
  readonly firstLoss: SeedRange | null;
  readonly lengthCorrelation: SeedRange | null;
  readonly accuracyByLabel: Readonly<Record<string, number>>;
  readonly facts: Readonly<Record<string, number | string>>;
  readonly secondsPerCell: number;
  readonly processorSecondsPerCell: number;
}

const right = (margin: number): number => (margin > 0 ? 1 : 0);

/** `value` of every pair by seed, and the pairs' prompts as clusters; null where a value is missing. */
function estimate(
  results: readonly CellResult[],
  value: (pair: PairOutcome) => number | null,
): Estimate | null {
  const rows = results.map(({ pairs }) => pairs.map(value));
  if (rows.some((row) => row.includes(null))) return null;
  const outcomes = rows as number[][];
  const clusters = results[0]!.pairs.map(({ promptId }) => promptId);
  return {
    mean: mean(outcomes.map(mean)),
    ...crossedBootstrapInterval(outcomes, { seed: BOOTSTRAP_SEED, clusters }),
  };
}

const required = (found: Estimate | null): Estimate => {
  if (!found) throw new RangeError('a margin is missing');
  return found;
};

function rangeOf(
  results: readonly CellResult[],
  value: (result: CellResult) => number | null,
): SeedRange | null {
  const values = results.map(value);
  if (values.includes(null)) return null;
  const known = values as number[];
  return { mean: mean(known), low: Math.min(...known), high: Math.max(...known) };
}

const bySeed = (results: readonly CellResult[]): CellResult[] =>
  [...results].sort((a, b) => a.cell.seed - b.cell.seed);

/**
 * Mean difference of the prior's accuracy, method minus base, on the same pairs and seeds. Seeds that one side lacks are
 * left out; null where none is left. Throws `RangeError` where the two were scored on different pairs.
 */
export function accuracyDifference(
  method: readonly CellResult[],
  base: readonly CellResult[],
): Difference | null {
  const baseOf = new Map(base.map((result) => [result.cell.seed, result]));
  const shared = bySeed(method).flatMap((result) => {
    const other = baseOf.get(result.cell.seed);
    return other ? [[result, other] as const] : [];
  });
  const first = shared[0];
  if (!first) return null;
  const outcomes = shared.map(([result, other]) => {
    const margins = new Map(other.pairs.map(({ pairId, margin }) => [pairId, margin]));
    return result.pairs.map(({ pairId, margin }) => {
      const otherMargin = margins.get(pairId);
      if (otherMargin === undefined || margins.size !== result.pairs.length) {
        throw new RangeError(`${result.cell.key} and ${other.cell.key} were scored on different pairs`);
      }
      return right(margin) - right(otherMargin);
    });
  });
  const clusters = first[0].pairs.map(({ promptId }) => promptId);
  return {
    mean: mean(outcomes.map(mean)),
    ...crossedBootstrapInterval(outcomes, { seed: BOOTSTRAP_SEED, clusters }),
    base: first[1].cell.method,
    seeds: shared.map(([{ cell }]) => cell.seed),
  };
}

function meanByLabel(results: readonly CellResult[]): Record<string, number> {
  const labels = Object.keys(results[0]!.figures.accuracyByLabel);
  return Object.fromEntries(
    labels.map((label) => [
      label,
      mean(results.map(({ figures }) => figures.accuracyByLabel[label] ?? Number.NaN)),
    ]),
  );
}

/** null for the base itself, whatever its budget. */
function fairDifferences(
  results: readonly CellResult[],
  baseName: string | null,
  methods: ReadonlyMap<string, readonly CellResult[]>,
): MethodSummary['fair'] {
  const isBase = baseName !== null && results[0]?.cell.method.startsWith(baseName);
  const against = (budget: Budget): Difference | null => {
    const base = baseName === null || isBase ? undefined : methods.get(budgetName(baseName, budget));
    return base ? accuracyDifference(results, base) : null;
  };
  return {
    'backbone steps': against('backbone steps'),
    'total steps': against('total steps'),
    'processor time': against('processor time'),
  };
}

function summarise(
  results: readonly CellResult[],
  base: readonly CellResult[] | undefined,
  fair: MethodSummary['fair'],
): MethodSummary {
  const ordered = bySeed(results);
  const { cell, pairs } = ordered[0]!;
  return {
    group: cell.group,
    method: cell.method,
    seeds: ordered.map((result) => result.cell.seed),
    testPairs: pairs.length,
    accuracy: required(estimate(ordered, ({ margin }) => right(margin))),
    accuracyBySeed: ordered.map(({ figures }) => figures.accuracy),
    difference: base && base !== results ? accuracyDifference(ordered, base) : null,
    fair,
    posteriorAccuracy: estimate(ordered, ({ posteriorMargin: at }) => (at === null ? null : right(at))),
    swappedAccuracy: estimate(ordered, ({ swappedMargin: at }) => (at === null ? null : right(at))),
    margin: required(estimate(ordered, ({ margin }) => margin)),
    kl: estimate(ordered, ({ kl }) => kl),
    codePerplexity: rangeOf(ordered, ({ figures }) => figures.codePerplexity),
    promptEntropy: rangeOf(ordered, ({ figures }) => figures.promptEntropy),
    topCodeShare: rangeOf(ordered, ({ figures }) => figures.topCodeShare),
    deadCodes: rangeOf(ordered, ({ figures }) => figures.deadCodes),
    nmi: rangeOf(ordered, ({ figures }) => figures.nmi),
    recovery: rangeOf(ordered, ({ figures }) => figures.recovery),
    causalRecovery: rangeOf(ordered, ({ figures }) => figures.causalRecovery),
    codesInUse: rangeOf(ordered, ({ figures }) => figures.codesInUse),
    gainOverOneCode: rangeOf(ordered, ({ figures }) => figures.gainOverOneCode),
    firstLoss: rangeOf(ordered, ({ firstLoss }) => firstLoss),
    lengthCorrelation: rangeOf(ordered, ({ figures }) => figures.lengthCorrelation),
    accuracyByLabel: meanByLabel(ordered),
    facts: cell.facts ?? {},
    secondsPerCell: mean(ordered.map(({ seconds }) => seconds)),
    processorSecondsPerCell: mean(ordered.map(({ processorSeconds }) => processorSeconds)),
  };
}

/** One summary a method and group, in the order of the cells. */
export function summariseMethods(
  results: readonly CellResult[],
  baseOf: (group: string) => string | null,
): MethodSummary[] {
  const groups = Map.groupBy(results, ({ cell }) => cell.group);
  return [...groups].flatMap(([group, inGroup]) => {
    const methods = Map.groupBy(inGroup, ({ cell }) => cell.method);
    const baseName = baseOf(group);
    const base = methods.get(baseName ?? '');
    return [...methods.values()].map((same) =>
      summarise(same, base, fairDifferences(same, baseName, methods)),
    );
  });
}
