/** Which group a forced code serves: measured, and held to chance. */
import { mean } from '../statistics.ts';
import type { ForcedCodes, ForcedPair } from './types.ts';

/** Chance that some code is taken to serve some group although none does. */
const FALSE_ALARM = 0.05;

const right = (margin: number): number => (margin > 0 ? 1 : 0);

/** P(X ≥ wins), X ~ Binomial(trials, 1/2). */
export function signTest(wins: number, trials: number): number {
  let term = 0.5 ** trials;
  if (term === 0) return normalTail((wins - 0.5 - trials / 2) / (Math.sqrt(trials) / 2));
  let tail = wins === 0 ? term : 0;
  for (let count = 1; count <= trials; count += 1) {
    term *= (trials - count + 1) / count;
    if (count >= wins) tail += term;
  }
  return Math.min(1, tail);
}

/** P(Z ≥ z) of a standard normal: Abramowitz and Stegun 26.2.17, to 1e-7. Used where 2^−trials is below the least double. */
function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const series =
    ((((1.330274429 * t - 1.821255978) * t + 1.781477937) * t - 0.356563782) * t + 0.31938153) * t;
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}

/** Mean over a prompt's pairs, by prompt: prompts are what was drawn, pairs of one are alike. */
function byPrompt(pairs: readonly ForcedPair[], value: (pair: ForcedPair) => number): number[] {
  const values = new Map<string, number[]>();
  for (const pair of pairs) {
    const known = values.get(pair.promptId);
    if (known) known.push(value(pair));
    else values.set(pair.promptId, [value(pair)]);
  }
  return [...values.values()].map(mean);
}

/** Being right under code number `index` less the mean over all codes: what the code itself does to the pair. */
const advantage = (pair: ForcedPair, index: number): number =>
  right(pair.forced[index] as number) - mean(pair.forced.map(right));

/**
 * The group that each code serves best: among the groups whose prompts are right under it more often than under the other
 * codes beyond chance (one-sided sign test over prompts, Bonferroni over codes × groups), the one with the largest mean
 * advantage; null where no group passes. With labels by lot a code is as often right as another, so none passes but with
 * probability `FALSE_ALARM` in all.
 */
export function servedGroups({ codes, pairs }: ForcedCodes): (string | null)[] {
  const groups = new Map<string, ForcedPair[]>();
  for (const pair of pairs) {
    const known = groups.get(pair.group);
    if (known) known.push(pair);
    else groups.set(pair.group, [pair]);
  }
  const level = FALSE_ALARM / (codes.length * Math.max(1, groups.size));
  return codes.map((_, index) => {
    let best: { readonly group: string; readonly advantage: number } | null = null;
    for (const [group, members] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const values = byPrompt(members, (pair) => advantage(pair, index));
      const wins = values.filter((value) => value > 0).length;
      const losses = values.filter((value) => value < 0).length;
      if (signTest(wins, wins + losses) > level) continue;
      const gained = mean(values);
      if (best === null || gained > best.advantage) best = { group, advantage: gained };
    }
    return best?.group ?? null;
  });
}
