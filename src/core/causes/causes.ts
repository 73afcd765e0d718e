/**
 * Whether codes mean preferences. Codes that cut prompts by topic alone look like codes that serve tastes until they are
 * forced: only what a code does to the labels of other prompts tells the two apart.
 */
import { meanOverPrompts } from '../overPrompts.ts';
import { hash32, randomSource } from '../random.ts';
import { correctedInformation, labelEntropy, mean } from '../statistics.ts';
import { FEWEST_PROMPTS, type ForcedPrompt, promptsOf, servedGroups } from './service.ts';
import type { Causes, CodeEffect, ForcedCodes, ForcedPair, Gain } from './types.ts';

/** Share of prompts for which a code must be the strongest to count as in use. */
const LEAST_SHARE = 0.01;

/** Codes that are the strongest for at least one prompt in a hundred, most used first. `strongest`: one code a prompt. */
export function codesInUse(strongest: ArrayLike<number>): number[] {
  const counts = new Map<number, number>();
  for (const code of Array.from(strongest)) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= LEAST_SHARE * strongest.length)
    .sort(([a, countA], [b, countB]) => countB - countA || a - b)
    .map(([code]) => code);
}

/** One half of the prompts or the other, by seed and prompt. */
const halfOf = (promptId: string, seed: number): 0 | 1 =>
  randomSource({ seed, stream: 'cross-fit', counter: hash32(promptId) }).uniform() < 0.5 ? 0 : 1;

interface Fold {
  /** Codes and groups are matched here, */
  readonly fitted: ForcedCodes;
  /** and scored here. */
  readonly scored: readonly ForcedPair[];
}

function folds({ codes, pairs }: ForcedCodes, seed: number): Fold[] {
  const halves = [0, 1].map((half) => pairs.filter(({ promptId }) => halfOf(promptId, seed) === half));
  const [first, second] = halves as [ForcedPair[], ForcedPair[]];
  return [
    { fitted: { codes, pairs: first }, scored: second },
    { fitted: { codes, pairs: second }, scored: first },
  ].filter(({ fitted, scored }) => fitted.pairs.length > 0 && scored.length > 0);
}

/** Halvings of the prompts; each half serves once to find what codes serve and once to score it. */
const HALVINGS = 10;

/** I(group served by the prompt's code; group) / H(group) of the scored half; 0 where they agree no more than by chance. */
function recoveryOfHalf(scored: readonly ForcedPrompt[], serves: readonly (string | null)[]): number {
  const groups = scored.map(({ group }) => group);
  const served = scored.map(({ choice }) => serves[choice] ?? '');
  const whole = labelEntropy(groups);
  if (whole === 0) return 0;
  const share = (labels: readonly string[], label: string): number =>
    labels.filter((other) => other === label).length / labels.length;
  const agreement = mean(served.map((label, row) => (label === groups[row] ? 1 : 0)));
  const chance = [...new Set(groups)].reduce(
    (sum, group) => sum + share(groups, group) * share(served, group),
    0,
  );
  return agreement <= chance ? 0 : Math.min(1, correctedInformation(served, groups) / whole);
}

/** Prompts of the groups that are large enough to be told apart. */
function ofLargeGroups(prompts: readonly ForcedPrompt[]): ForcedPrompt[] {
  const sizes = Map.groupBy(prompts, ({ group }) => group);
  return prompts.filter(({ group }) => (sizes.get(group)?.length ?? 0) >= FEWEST_PROMPTS);
}

/**
 * I(group that the prompt's strongest code serves; group) / H(group), over prompts, 0 … 1. Which group a code serves is found
 * on one half of the prompts; where it stands on the other half too, it is scored there. The mean over ten halvings, both
 * ways: 1 where the prior gives each group codes that serve it and no other, 0 where one code serves all, where codes cut by
 * anything that preferences don't follow, and with labels by lot. null where fewer than two groups have eight prompts.
 */
export function causalRecovery({ codes, pairs }: ForcedCodes, seed: number): number | null {
  const prompts = ofLargeGroups(promptsOf(pairs, codes));
  if (new Set(prompts.map(({ group }) => group)).size < 2) return null;
  const halvings = Array.from({ length: HALVINGS }, (_, counter) => {
    const shuffled = randomSource({ seed, stream: 'causal-recovery', counter }).shuffle(
      prompts.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    );
    const middle = shuffled.length >> 1;
    return [shuffled.slice(0, middle), shuffled.slice(middle)] as const;
  });
  return mean(
    halvings.flatMap(([one, two]) => [
      recoveryOfHalf(two, servedGroups(codes, one, two)),
      recoveryOfHalf(one, servedGroups(codes, two, one)),
    ]),
  );
}

const accuracy = (margins: readonly number[]): number => mean(margins.map((margin) => (margin > 0 ? 1 : 0)));

/** Right under the prior less right under the single code that was best on the other half, by pair. */
function gains(forced: ForcedCodes, seed: number): { readonly promptId: string; readonly gain: number }[] {
  return folds(forced, seed).flatMap(({ fitted, scored }) => {
    const accuracies = fitted.codes.map((_, index) =>
      accuracy(fitted.pairs.map((pair) => pair.forced[index] as number)),
    );
    const best = accuracies.indexOf(Math.max(...accuracies));
    return scored.map(({ promptId, margin, forced: margins }) => ({
      promptId,
      gain: (margin > 0 ? 1 : 0) - ((margins[best] as number) > 0 ? 1 : 0),
    }));
  });
}

/** Right under the prior's own choice less right under another z, pair by pair. */
const gainOver = (pairs: readonly ForcedPair[], other: (pair: ForcedPair) => number, seed: number): Gain =>
  meanOverPrompts(
    pairs.map((pair) => ({
      promptId: pair.promptId,
      value: (pair.margin > 0 ? 1 : 0) - (other(pair) > 0 ? 1 : 0),
    })),
    seed,
  );

function effect(
  code: number,
  index: number,
  group: string,
  pairs: readonly ForcedPair[],
  seed: number,
): CodeEffect {
  const margins = pairs.map(({ promptId, forced }) => ({ promptId, margin: forced[index] as number }));
  const hits = margins.map(({ promptId, margin }) => ({ promptId, value: margin > 0 ? 1 : 0 }));
  const { value, low, high } = meanOverPrompts(hits, seed);
  const margin = mean(margins.map((row) => row.margin));
  const pinnedAccuracy = accuracy(pairs.map(({ pinned }) => pinned[index] as number));
  return { code, group, pairs: pairs.length, accuracy: value, low, high, margin, pinnedAccuracy };
}

/** Null with fewer than two groups or no codes: there is nothing to tell apart. */
export function causesOf(forced: ForcedCodes, seed: number): Causes | null {
  const groups = [...new Set(forced.pairs.map(({ group }) => group))].sort();
  if (groups.length < 2 || forced.codes.length === 0) return null;
  const members = groups.map((group) => forced.pairs.filter((pair) => pair.group === group));
  const gained = gains(forced, seed).map(({ promptId, gain }) => ({ promptId, value: gain }));
  return {
    codes: forced.codes,
    groups,
    effects: forced.codes.flatMap((code, index) =>
      groups.map((group, column) => effect(code, index, group, members[column] as ForcedPair[], seed)),
    ),
    serves: servedGroups(forced.codes, promptsOf(forced.pairs, forced.codes)),
    recovery: causalRecovery(forced, seed),
    gainOverOneCode: gained.length === 0 ? { value: 0, low: 0, high: 0 } : meanOverPrompts(gained, seed),
    gainOverOff: gainOver(forced.pairs, ({ off }) => off, seed),
    gainOverShared: gainOver(forced.pairs, ({ shared }) => shared, seed),
  };
}
