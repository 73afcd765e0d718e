/** What the experiment on known factors is for, in one place: accuracy over the oracle's, recovery, hidden annotator. */
import { recoveryOf } from '#core/factors/recovery.ts';
import { crossedBootstrapInterval, mean } from '#core/statistics.ts';
import { accuracyDifference } from '../compare.ts';
import type { CellResult, JsonValue } from '../types.ts';
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

const estimate = (outcomes: readonly (readonly number[])[]): Json => ({
  mean: mean(outcomes.map(mean)),
  ...crossedBootstrapInterval(outcomes, { seed: BOOTSTRAP_SEED }),
});

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
    accuracy: estimate(ordered.map(({ pairs }) => pairs.map(({ margin }) => right(margin)))),
    accuracyBySeed: ordered.map(({ figures }) => figures.accuracy),
    accuracyOverOracle: shares.length === 0 ? null : mean(shares),
    accuracyOverOracleBySeed: shares,
    recovery: recoveries(ordered),
    posteriorAccuracy: given(({ figures }) => figures.posteriorAccuracy),
    swappedAccuracy: given(({ figures }) => figures.swappedAccuracy),
    codePerplexity: given(({ figures }) => figures.codePerplexity),
    topCodeShare: given(({ figures }) => figures.topCodeShare),
    kl: given(({ figures }) => figures.kl),
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

function stagedJson(results: readonly CellResult[]): Json {
  const of = (group: string, arrangement: string): Json => {
    const own = results.filter(({ cell }) => cell.group === group && cell.method === STAGED_METHOD);
    if (own.length === 0)
      return { setting: `${arrangement}, ${STAGED_METHOD}`, recovery: null, accuracyOverOracle: null };
    const { accuracyOverOracle, recovery, accuracy } = methodJson(own, oracleAccuracies(results, group));
    return {
      setting: `${arrangement}, ${STAGED_METHOD}: LoRA joins after ${100 * own[0]!.cell.config.headsFirst} % of ${own[0]!.cell.config.steps} steps`,
      accuracyOverOracle: accuracyOverOracle ?? null,
      recovery: (recovery as { value: { mean: number } } | null)?.value.mean ?? null,
      accuracy: accuracy ?? null,
      recoveryDetail: recovery ?? null,
    };
  };
  const both = [of(GROUPS.stagedOpposed, 'opposed'), of(GROUPS.stagedOrthogonal, 'orthogonal')];
  const weaker = both.toSorted((a, b) => Number(a.recovery ?? 0) - Number(b.recovery ?? 0))[0]!;
  // The weaker of the two arrangements is the figure that is named.
  return {
    setting: weaker.setting ?? null,
    accuracyOverOracle: weaker.accuracyOverOracle ?? null,
    recovery: weaker.recovery ?? null,
    settings: both,
    opposed: groupJson(results, GROUPS.stagedOpposed),
    orthogonal: groupJson(results, GROUPS.stagedOrthogonal),
  };
}

function hiddenJson(results: readonly CellResult[]): Json {
  const of = (method: string) =>
    results.filter(({ cell }) => cell.group === GROUPS.hidden && cell.method === method);
  const plain = of(PLAIN_METHOD);
  // Compared with plain DPO, which trains an adapter too.
  const lpc = of(STAGED_METHOD);
  if (plain.length === 0 || lpc.length === 0)
    return { plain: null, lpc: null, gainOverPlain: null, interval: null };
  const difference = accuracyDifference(lpc, plain);
  return {
    plain: mean(plain.map(({ figures }) => figures.accuracy)),
    lpc: mean(lpc.map(({ figures }) => figures.accuracy)),
    gainOverPlain: difference?.mean ?? null,
    interval: difference ? { low: difference.low, high: difference.high } : null,
    ...groupJson(results, GROUPS.hidden),
  };
}

/** A group with its headline before it: the robust setting over the frozen backbone, and the paper's beside it. */
function frozenJson(results: readonly CellResult[], group: string): Json {
  const whole = groupJson(results, group);
  const oracles = oracleAccuracies(results, group);
  const of = (method: string): Json => {
    const own = results.filter(({ cell }) => cell.group === group && cell.method === method);
    if (own.length === 0) return { setting: method, accuracyOverOracle: null, recovery: null };
    const { accuracyOverOracle, recovery } = methodJson(own, oracles);
    return {
      setting: method,
      accuracyOverOracle: accuracyOverOracle ?? null,
      recovery: (recovery as { value: { mean: number } } | null)?.value.mean ?? null,
    };
  };
  return { ...of(ROBUST_METHOD), paper: of(PAPER_METHOD), ...whole };
}

export const knownFactorSummary = (results: readonly CellResult[]): Json => ({
  opposed: frozenJson(results, GROUPS.opposed),
  orthogonal: frozenJson(results, GROUPS.orthogonal),
  staged: stagedJson(results),
  hiddenAnnotator: hiddenJson(results),
  further: {
    twoFactors: groupJson(results, GROUPS.two),
    weakCue: groupJson(results, GROUPS.noisy),
    labelsByLot: groupJson(results, GROUPS.lot),
  },
});
