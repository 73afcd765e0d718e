/** Statistics on plain arrays. Entropies and information in nats. */
import { randomSource } from './random.ts';

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] as number;
  return sum / values.length;
}

/** Sample standard deviation (divides by n − 1); 0 for fewer than two values. */
export function standardDeviation(values: ArrayLike<number>): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += ((values[index] as number) - centre) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

/** Middle value; mean of the two middle ones for an even count; NaN for none. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/** Linear interpolation between order statistics (type 7). */
export function quantile(values: ArrayLike<number>, q: number): number {
  return quantileOfSorted(Float64Array.from(values).sort(), q);
}
/** The same of ascending values. */
export function quantileOfSorted(sorted: ArrayLike<number>, q: number): number {
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[below + 1] ?? low;
  return low + (position - below) * (high - low);
}

/** Pearson correlation; null where either side has no spread or there are fewer than two pairs. */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  if (x.length !== y.length) throw new RangeError(`lengths differ: ${x.length} and ${y.length}`);
  if (x.length < 2) return null;
  const meanX = mean(x);
  const meanY = mean(y);
  let covariance = 0;
  let varianceX = 0;
  let varianceY = 0;
  for (let index = 0; index < x.length; index++) {
    const dx = (x[index] as number) - meanX;
    const dy = (y[index] as number) - meanY;
    covariance += dx * dy;
    varianceX += dx * dx;
    varianceY += dy * dy;
  }
  if (varianceX === 0 || varianceY === 0) return null;
  return covariance / Math.sqrt(varianceX * varianceY);
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Percentile bootstrap interval of a statistic; the same seed gives the same interval. */
export function bootstrapInterval(
  values: readonly number[],
  options: BootstrapOptions & { readonly statistic?: (values: readonly number[]) => number },
): Interval {
  return bootstrapOf(values, { statistic: mean, ...options });
}

interface BootstrapOptions {
  readonly seed: number;
  readonly level?: number;
  readonly resamples?: number;
}

/** The same of whatever is drawn: prompts with all their pairs, say. */
export function bootstrapOf<T>(
  values: readonly T[],
  options: BootstrapOptions & { readonly statistic: (values: readonly T[]) => number },
): Interval {
  const { seed, level = 0.95, resamples = 2000, statistic } = options;
  if (values.length === 0) throw new RangeError('an interval needs at least one value');
  const source = randomSource({ seed, stream: 'bootstrap', counter: 0 });
  const statistics: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    statistics.push(statistic(values.map(() => source.pick(values))));
  }
  const tail = (1 - level) / 2;
  return { low: quantile(statistics, tail), high: quantile(statistics, 1 - tail) };
}

/** H(p) of non-negative weights, which are normalised first; 0 where their sum is 0. */
export function entropy(weights: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < weights.length; index++) total += weights[index] as number;
  if (total === 0) return 0;
  let sum = 0;
  for (let index = 0; index < weights.length; index++) {
    const share = (weights[index] as number) / total;
    if (share > 0) sum -= share * Math.log(share);
  }
  return sum;
}

/** exp(H(p)): how many equally used outcomes carry the same entropy. */
export function perplexity(weights: ArrayLike<number>): number {
  return Math.exp(entropy(weights));
}

function counts(labels: readonly (string | number)[]): Map<string | number, number> {
  const found = new Map<string | number, number>();
  for (const label of labels) found.set(label, (found.get(label) ?? 0) + 1);
  return found;
}

/** H of the labels' frequencies. */
export function labelEntropy(labels: readonly (string | number)[]): number {
  return entropy([...counts(labels).values()]);
}

/** I(A;B) = H(A) + H(B) − H(A,B) of two labellings of the same items. */
export function mutualInformation(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  if (a.length !== b.length) throw new RangeError(`lengths differ: ${a.length} and ${b.length}`);
  const joint = a.map((label, index) => JSON.stringify([label, b[index]]));
  return Math.max(0, labelEntropy(a) + labelEntropy(b) - labelEntropy(joint));
}

const occurring = (labels: readonly (string | number)[]): number => new Set(labels).size;

/**
 * I(A;B) less the bias that counting has: with N items, I of independent labels is about (cells − rows − columns + 1)/2N
 * nats and not 0 (Miller–Madow, cells counted where they occur). Never below 0.
 */
export function correctedInformation(
  a: readonly (string | number)[],
  b: readonly (string | number)[],
): number {
  const cells = occurring(a.map((label, index) => JSON.stringify([label, b[index]])));
  const bias = (cells - occurring(a) - occurring(b) + 1) / (2 * a.length);
  return Math.max(0, mutualInformation(a, b) - bias);
}

/** I(A;B) over the mean of the entropies; 0 where either labelling is constant. */
export function normalizedMutualInformation(
  a: readonly (string | number)[],
  b: readonly (string | number)[],
): number {
  const entropyA = labelEntropy(a);
  const entropyB = labelEntropy(b);
  if (entropyA === 0 || entropyB === 0) return 0;
  return mutualInformation(a, b) / ((entropyA + entropyB) / 2);
}

/** I(code; factor) / H(factor): 1 when the codes tell the factor, however many codes share one. */
export function factorRecovery(
  codes: readonly (string | number)[],
  factors: readonly (string | number)[],
): number {
  const factorEntropy = labelEntropy(factors);
  return factorEntropy === 0 ? 0 : mutualInformation(codes, factors) / factorEntropy;
}

/**
 * Percentile interval of the mean of `outcomes[seed][item]`, where every seed was measured on the same items: seeds and
 * items are both drawn anew with replacement, each draw of items serving all drawn seeds (a crossed, two-level
 * bootstrap). Items that share a `clusters` label, such as pairs of one prompt, are drawn together. With one seed only
 * the items vary; with few seeds the interval is too narrow rather than too wide. The same key gives the same interval.
 */
export function crossedBootstrapInterval(
  outcomes: readonly (readonly number[])[],
  options: {
    readonly seed: number;
    readonly level?: number;
    readonly resamples?: number;
    /** One label an item; each item stands alone where absent. */
    readonly clusters?: readonly (string | number)[];
  },
): Interval {
  const { seed, level = 0.95, resamples = 2000, clusters } = options;
  const seeds = outcomes.length;
  const items = outcomes[0]?.length ?? 0;
  if (items === 0) throw new RangeError('an interval needs at least one seed and one item');
  if (outcomes.some((row) => row.length !== items)) throw new RangeError('seeds differ in their items');
  if (clusters && clusters.length !== items) throw new RangeError('there must be one cluster label an item');

  const numbers = new Map<string | number, number>();
  const clusterOf = Array.from({ length: items }, (_, item) => {
    const label = clusters?.[item] ?? item;
    const known = numbers.get(label) ?? numbers.size;
    numbers.set(label, known);
    return known;
  });
  const count = numbers.size;
  const sizes = new Float64Array(count);
  const sums = new Float64Array(seeds * count);
  for (const [item, cluster] of clusterOf.entries()) {
    sizes[cluster]! += 1;
    for (let row = 0; row < seeds; row++) sums[row * count + cluster]! += outcomes[row]![item]!;
  }

  const source = randomSource({ seed, stream: 'crossed-bootstrap', counter: 0 });
  const drawnSeeds = new Int32Array(seeds);
  const means: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    for (let row = 0; row < seeds; row++) drawnSeeds[row] = source.integer(seeds);
    let sum = 0;
    let size = 0;
    for (let draw = 0; draw < count; draw++) {
      const cluster = source.integer(count);
      size += sizes[cluster]!;
      for (let row = 0; row < seeds; row++) sum += sums[drawnSeeds[row]! * count + cluster]!;
    }
    means.push(sum / (seeds * size));
  }
  const tail = (1 - level) / 2;
  return { low: quantile(means, tail), high: quantile(means, 1 - tail) };
}
