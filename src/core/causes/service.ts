/** Which group a forced code serves: measured, and held to chance. */
import { mean, standardDeviation } from '../statistics.ts';
import type { ForcedPair } from './types.ts';

/** Groups with fewer prompts say nothing, and half as many in a half of the prompts. */
export const FEWEST_PROMPTS = 8;
/** Chance that any code is taken to serve a group although none does. */
const FALSE_ALARM = 0.01;
/** What was found must stand on other prompts by as many standard errors. */
const CONFIRMED = 1.64;

/** A prompt with its pairs taken together. */
export interface ForcedPrompt {
  readonly id: string;
  readonly group: string;
  /** Place of its strongest code among the codes forced; −1 where it was not forced. */
  readonly choice: number;
  /** Mean P(chosen over rejected) = σ(margin) under each code (Bradley and Terry). */
  readonly preference: readonly number[];
}

const logistic = (margin: number): number => 1 / (1 + Math.exp(-margin));

export function promptsOf(pairs: readonly ForcedPair[], codes: readonly number[]): ForcedPrompt[] {
  return [...Map.groupBy(pairs, ({ promptId }) => promptId)].map(([id, own]) => {
    const { group, strongest } = own[0] as ForcedPair;
    const preference = codes.map((_, index) =>
      mean(own.map(({ forced }) => logistic(forced[index] as number))),
    );
    return { id, group, choice: codes.indexOf(strongest), preference };
  });
}

/** How far, in standard errors, code number `index` suits `group` better than the other groups, each code against their mean. */
function advantage(prompts: readonly ForcedPrompt[], index: number, group: string): number {
  const inside: number[] = [];
  const outside: number[] = [];
  for (const prompt of prompts) {
    const value = (prompt.preference[index] as number) - mean(prompt.preference);
    (prompt.group === group ? inside : outside).push(value);
  }
  if (Math.min(inside.length, outside.length) < FEWEST_PROMPTS / 2) return 0;
  const variance = (values: readonly number[]): number => standardDeviation(values) ** 2 / values.length;
  const error = Math.sqrt(variance(inside) + variance(outside));
  const difference = mean(inside) - mean(outside);
  if (error > 0) return difference / error;
  return difference === 0 ? 0 : Math.sign(difference) * Number.MAX_VALUE;
}

/**
 * The group that each code serves best on `found`, where that is beyond chance and stands on `confirmed` too; null where there
 * is none. A code that is good for all serves no group, and nor does any code of a group that is easy under all.
 * P(Z > t) ≤ exp(−t²/2), the chance shared out among codes and groups.
 */
export function servedGroups(
  codes: readonly number[],
  found: readonly ForcedPrompt[],
  confirmed: readonly ForcedPrompt[] = found,
): (string | null)[] {
  const groups = [...new Set(found.map(({ group }) => group))].sort();
  const least = Math.sqrt(2 * Math.log((codes.length * Math.max(1, groups.length)) / FALSE_ALARM));
  return codes.map((_, index) => {
    let best: { readonly group: string; readonly errors: number } | null = null;
    for (const group of groups) {
      const errors = advantage(found, index, group);
      if (errors > least && errors > (best?.errors ?? 0)) best = { group, errors };
    }
    return best !== null && advantage(confirmed, index, best.group) > CONFIRMED ? best.group : null;
  });
}
