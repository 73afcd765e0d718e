/** Means with intervals that draw prompts anew, each with all its pairs: pairs of one prompt are not independent. */
import { bootstrapOf, type Interval } from './statistics.ts';

export interface PromptValue {
  readonly promptId: string;
  readonly value: number;
}

/** Sum and count of a value, by prompt: what a bootstrap over prompts draws. */
function sumsByPrompt(rows: readonly PromptValue[]): { sum: number; count: number }[] {
  const sums = new Map<string, { sum: number; count: number }>();
  for (const { promptId, value } of rows) {
    const known = sums.get(promptId) ?? { sum: 0, count: 0 };
    sums.set(promptId, { sum: known.sum + value, count: known.count + 1 });
  }
  return [...sums.values()];
}

/** Mean over the rows and its 95 % percentile interval over prompts; the same seed gives the same. Needs a row. */
export function meanOverPrompts(
  rows: readonly PromptValue[],
  seed: number,
  resamples = 500,
): Interval & { readonly value: number } {
  const sums = sumsByPrompt(rows);
  const statistic = (drawn: readonly { readonly sum: number; readonly count: number }[]) =>
    drawn.reduce((sum, row) => sum + row.sum, 0) / drawn.reduce((sum, row) => sum + row.count, 0);
  const { low, high } = bootstrapOf(sums, { seed, resamples, statistic });
  return { value: statistic(sums), low, high };
}
