/**
 * How sure the prior is of its codes. Its ridge keeps it from chance, and leaves it less sure than new prompts bear out: once
 * all is fitted, its logits are multiplied by what pairs set aside ask for.
 */
import { mean, standardDeviation } from '#core/statistics.ts';
import type { Mixture } from './mixture.ts';

export const SHARPNESSES = [1, 1.5, 2, 3, 4] as const;

/** p(k|x) ∝ p(k|x)^sharpness. */
export function sharpened({ codes, weight, bias }: Mixture, sharpness: number): Mixture {
  const multiplied = (values: Float64Array): Float64Array => values.map((value) => sharpness * value);
  return { codes, weight: { ...weight, data: multiplied(weight.data) }, bias: multiplied(bias) };
}

/**
 * Whether losses by pair lie further above the lower ones than `errors` standard errors of the difference, one by the rule of
 * Breiman et al. (1984): a gain that pairs set aside don't show is none.
 */
export function furtherThanError(losses: readonly number[], lower: readonly number[], errors = 1): boolean {
  const further = losses.map((loss, pair) => loss - (lower[pair] as number));
  return mean(further) > (errors * standardDeviation(further)) / Math.sqrt(further.length);
}

/** The place of the first of the losses by pair that is no further than that from the lowest. */
export function firstWithinError(losses: readonly (readonly number[])[]): number {
  const best = losses.reduce((lowest, other) => (mean(other) < mean(lowest) ? other : lowest));
  return losses.findIndex((own) => !furtherThanError(own, best));
}
