/** What the experiment on known factors is for, in one place: accuracy over the oracle's, recovery, hidden annotator. */
import { recoveryOf } from '#core/factors/recovery.ts';
import { crossedBootstrapInterval, mean } from '#core/statistics.ts';
import { accuracyDifference } from '../compare.ts';
import type { CellResult, JsonValue } from '../types.ts';
import { budgetName } from './fairBudgets.ts';
import {
  GROUPS,
  oracleGroup,
  PAPER_METHOD,
  PLAIN_METHOD,
  ROBUST_METHOD,
  STAGED_METHOD,
} from './knownFactorNames.ts';

type Json = { readonly [key: string]: JsonValue };

const BOOTSTRAP_SEED = 1;
const range = (values: readonly number[]): Json => ({
  mean: mean(values),
  low: Math.min(...values),
  high: Math.max(...values),
});
const right = (margin: number): number => (margin > 0 ? 1 : 0);
const bySeed = (results: readonly CellResult[]): CellResult[] =>
  [...results].sort((a, b) => a.cell.seed - b.cell.seed);

/** Of the prior, over seeds and prompts. */
function accuracyJson(results: readonly CellResult[]): Json {
  const outcomes = results.map(({ pairs }) => pairs.map(({ margin }) => right(margin)));
  const clusters = results[0]!.pairs.map(({ promptId }) => promptId);
  return {
    mean: mean(outcomes.map(mean)),
    ...crossedBootstrapInterval(outcomes, { seed: BOOTSTRAP_SEED, clusters }),
  };
}

/** Over all pairs of the factors' test sets, by seed; seeds that lack a factor are left out. */
function oracleAccuracies(results: readonly CellResult[], group: string): Map<number, number> {
  const cells = results.filter(({ cell }) => cell.group === oracleGroup(group));
  const factors = new Set(cells.map(({ cell }) => cell.method)).size;
  const seeds = Map.groupBy(cells, ({ cell }) => cell.seed);
  return new Map(
    [...seeds]
      .filter(([, own]) => own.length === factors)
      .map(([seed, own]) => [
        seed,
        mean(own.flatMap(({ pairs }) => pairs.map(({ margin }) => right(margin)))),
      ]),
  );
}

function recoveries(results: readonly CellResult[]): Json | null {
  const found = results.flatMap(({ codes, promptLabels }) =>
    codes ? [recoveryOf(codes.weights, codes.codes, promptLabels)] : [],
  );
  if (found.length === 0) return null;
  return {
    value: range(found.map(({ value }) => value)),
    topCode: range(found.map(({ topCode }) => topCode)),
    soft: range(found.map(({ soft }) => soft)),
    bySeed: found.map(({ value }) => value),
  };
}

/** One method of a group; `oracle` by seed, empty where there is none. */
function methodJson(results: readonly CellResult[], oracle: ReadonlyMap<number, number>): Json {
  const ordered = bySeed(results);
  const given = (value: (result: CellResult) => number | null): Json | null => {
    const values = ordered.map(value);
    return values.includes(null) ? null : range(values as number[]);
  };
  const shares = ordered.flatMap(({ cell, figures }) => {
    const best = oracle.get(cell.seed);
    return best === undefined ? [] : [figures.accuracy / best];
  });
  return {
    method: ordered[0]!.cell.method,
    seeds: ordered.map(({ cell }) => cell.seed),
    accuracy: accuracyJson(ordered),
    accuracyBySeed: ordered.map(({ figures }) => figures.accuracy),
    accuracyOverOracle: shares.length === 0 ? null : mean(shares),
    accuracyOverOracleBySeed: shares,
    recovery: recoveries(ordered),
    posteriorAccuracy: given(({ figures }) => figures.posteriorAccuracy),
    swappedAccuracy: given(({ figures }) => figures.swappedAccuracy),
    causalRecovery: given(({ figures }) => figures.causalRecovery),
    codesInUse: given(({ figures }) => figures.codesInUse),
    gainOverOneCode: given(({ figures }) => figures.gainOverOneCode),
    firstLoss: given(({ firstLoss }) => firstLoss),
    codePerplexity: given(({ figures }) => figures.codePerplexity),
    topCodeShare: given(({ figures }) => figures.topCodeShare),
    kl: given(({ figures }) => figures.kl),
    processorSeconds: given(({ processorSeconds }) => processorSeconds),
  };
}

/** `oracle` is the group whose oracle serves this one too. */
function groupJson(results: readonly CellResult[], group: string, oracle = group): Json {
  const own = results.filter(({ cell }) => cell.group === group);
  const oracles = oracleAccuracies(results, oracle);
  const methods = Map.groupBy(own, ({ cell }) => cell.method);
  return {
    facts: own[0]?.cell.facts ?? {},
    oracle: oracles.size === 0 ? null : { ...range([...oracles.values()]), bySeed: [...oracles.values()] },
    methods: [...methods.values()].map((same) => methodJson(same, oracles)),
  };
}

const averageOf = (values: readonly number[]): number | null => (values.length === 0 ? null : mean(values));

/** The figures that a setting is judged by; null where no cell of it is there. */
function headline(
  results: readonly CellResult[],
  group: string,
  method: string,
  oracle: ReadonlyMap<number, number>,
): Json {
  const own = bySeed(results.filter(({ cell }) => cell.group === group && cell.method === method));
  const setting = `${group}, ${method}`;
  const seeds = own.map(({ cell }) => cell.seed);
  if (own.length === 0)
    return {
      setting,
      seeds,
      recovery: null,
      worstRecovery: null,
      causalRecovery: null,
      worstCausalRecovery: null,
      accuracyOverOracle: null,
    };
  const found = own.flatMap(({ codes, promptLabels }) =>
    codes ? [recoveryOf(codes.weights, codes.codes, promptLabels)] : [],
  );
  const recovered = found.map(({ value }) => value);
  const causal = own.flatMap(({ figures }) => figures.causalRecovery ?? []);
  const shares = own.flatMap(({ cell, figures }) => {
    const best = oracle.get(cell.seed);
    return best === undefined ? [] : [figures.accuracy / best];
  });
  const lowest = (values: readonly number[]): number | null =>
    values.length === 0 ? null : Math.min(...values);
  return {
    setting,
    seeds,
    recovery: averageOf(recovered),
    worstRecovery: lowest(recovered),
    causalRecovery: averageOf(causal),
    worstCausalRecovery: lowest(causal),
    accuracyOverOracle: averageOf(shares),
    topCodeRecovery: averageOf(found.map(({ topCode }) => topCode)),
    softRecovery: averageOf(found.map(({ soft }) => soft)),
    recoveryBySeed: recovered,
    causalRecoveryBySeed: causal,
    accuracy: mean(own.map(({ figures }) => figures.accuracy)),
    gainOverOneCode: averageOf(own.flatMap(({ figures }) => figures.gainOverOneCode ?? [])),
    processorSeconds: mean(own.map(({ processorSeconds }) => processorSeconds)),
  };
}

const numberAt = (json: Json, key: string): number => Number(json[key] ?? 0);

/** The weaker of the two arrangements is the figure that is named. */
function stagedJson(results: readonly CellResult[]): Json {
  const both = [GROUPS.stagedOpposed, GROUPS.stagedOrthogonal].map((group) =>
    headline(results, group, STAGED_METHOD, oracleAccuracies(results, group)),
  );
  const weaker = both.toSorted((a, b) => numberAt(a, 'recovery') - numberAt(b, 'recovery'))[0]!;
  return {
    ...weaker,
    settings: both,
    opposed: groupJson(results, GROUPS.stagedOpposed),
    orthogonal: groupJson(results, GROUPS.stagedOrthogonal),
  };
}

/** What a policy reaches that is right half of the time, as all are where labels are drawn by lot. */
const coinFor = (results: readonly CellResult[]): ReadonlyMap<number, number> =>
  new Map(results.map(({ cell }) => [cell.seed, 0.5]));

/** Of the control the higher of the two arrangements is named, and its highest seed beside it: both should be near 0. */
function byLotJson(results: readonly CellResult[]): Json {
  const both = [GROUPS.lotOpposed, GROUPS.lotOrthogonal].map((group) =>
    headline(results, group, ROBUST_METHOD, coinFor(results)),
  );
  const largest = (key: string): JsonValue => {
    const values = both.flatMap((json) => (typeof json[key] === 'number' ? [json[key]] : []));
    return values.length === 0 ? null : Math.max(...values);
  };
  const seedsOf = (key: string): number[] => both.flatMap((json) => (json[key] ?? []) as number[]);
  const highest = (values: readonly number[]): JsonValue =>
    values.length === 0 ? null : Math.max(...values);
  return {
    setting: 'the higher of opposed and orthogonal, labels by lot',
    seeds: both[0]?.seeds ?? [],
    recovery: largest('recovery'),
    worstRecovery: highest(seedsOf('recoveryBySeed')),
    causalRecovery: largest('causalRecovery'),
    worstCausalRecovery: highest(seedsOf('causalRecoveryBySeed')),
    accuracyOverOracle: largest('accuracyOverOracle'),
    settings: both,
    opposed: groupJson(results, GROUPS.lotOpposed),
    orthogonal: groupJson(results, GROUPS.lotOrthogonal),
  };
}

function hiddenJson(results: readonly CellResult[]): Json {
  const of = (method: string) =>
    results.filter(({ cell }) => cell.group === GROUPS.hidden && cell.method === method);
  const [plain, lpc] = [of(budgetName(PLAIN_METHOD, 'backbone steps')), of(STAGED_METHOD)];
  const difference = plain.length > 0 && lpc.length > 0 ? accuracyDifference(lpc, plain) : null;
  const accuracy = (own: readonly CellResult[]) => averageOf(own.map(({ figures }) => figures.accuracy));
  return {
    ...headline(results, GROUPS.hidden, STAGED_METHOD, coinFor(results)),
    plain: accuracy(plain),
    lpc: accuracy(lpc),
    gainOverPlain: difference?.mean ?? null,
    interval: difference ? { low: difference.low, high: difference.high } : null,
    heads: headline(results, GROUPS.hidden, ROBUST_METHOD, coinFor(results)),
    ...groupJson(results, GROUPS.hidden),
  };
}

/** A group with its headline before it: the robust setting over the frozen backbone, and the paper's beside it. */
function frozenJson(results: readonly CellResult[], group: string): Json {
  const of = (method: string) => headline(results, group, method, oracleAccuracies(results, group));
  return { ...of(ROBUST_METHOD), paper: of(PAPER_METHOD), ...groupJson(results, group) };
}

/** Held to the ceiling that is known in closed form, not to an oracle that was trained. */
function underCeiling(results: readonly CellResult[], group: string): Json {
  const own = results.filter(({ cell }) => cell.group === group);
  const { 'Bayes ceiling': bayes, 'recovery’s ceiling': recovery } = own[0]?.cell.facts ?? {};
  const found = headline(results, group, ROBUST_METHOD, new Map());
  const share = (value: JsonValue | undefined, ceiling: number | string | undefined): number | null =>
    typeof value === 'number' && typeof ceiling === 'number' ? value / ceiling : null;
  return {
    ...found,
    accuracyOverCeiling: share(found.accuracy, bayes),
    recoveryOverCeiling: share(found.recovery, recovery),
    ...groupJson(results, group),
  };
}

export const knownFactorSummary = (results: readonly CellResult[]): Json => ({
  opposed: frozenJson(results, GROUPS.opposed),
  orthogonal: frozenJson(results, GROUPS.orthogonal),
  staged: stagedJson(results),
  byLot: byLotJson(results),
  hiddenAnnotator: hiddenJson(results),
  heldOutWording: {
    opposed: underCeiling(results, GROUPS.wordingOpposed),
    orthogonal: underCeiling(results, GROUPS.wordingOrthogonal),
  },
  further: {
    twoFactors: underCeiling(results, GROUPS.two),
    weakCue: underCeiling(results, GROUPS.noisy),
    sixFactors: underCeiling(results, GROUPS.six),
    eightFactors: underCeiling(results, GROUPS.eight),
  },
});
