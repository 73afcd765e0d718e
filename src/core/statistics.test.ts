import { describe, expect, it } from 'vitest';
import {
  bootstrapInterval,
  crossedBootstrapInterval,
  entropy,
  factorRecovery,
  mean,
  median,
  mutualInformation,
  normalizedMutualInformation,
  pearson,
  perplexity,
  quantile,
  standardDeviation,
} from './statistics.ts';

describe('moments', () => {
  it('gives mean, sample deviation and quantiles', () => {
    expect(mean([1, 2, 6])).toBe(3);
    // Deviations −2, −1, 3: sum of squares 14, over n − 1 = 2 gives 7.
    expect(standardDeviation([1, 2, 6])).toBeCloseTo(Math.sqrt(7), 12);
    expect(standardDeviation([4])).toBe(0);
    expect(median([9, 1, 5])).toBe(5);
    expect(quantile([10, 20, 30, 40], 0.25)).toBeCloseTo(17.5, 12);
  });
  it('correlates', () => {
    expect(pearson([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12);
    // dx = −1 0 1, dy = 1 −1 0: covariance −1, variances 2 and 2.
    expect(pearson([1, 2, 3], [2, 0, 1])).toBeCloseTo(-0.5, 12);
    expect(pearson([1, 1], [1, 2])).toBeNull();
    expect(() => pearson([1], [1, 2])).toThrow(RangeError);
  });
});

describe('bootstrapInterval', () => {
  it('is repeatable, holds the mean and is near the normal interval', () => {
    const values = Array.from({ length: 400 }, (_, index) => (index % 4 === 0 ? 1 : 0));
    const interval = bootstrapInterval(values, { seed: 3 });
    expect(interval).toEqual(bootstrapInterval(values, { seed: 3 }));
    // p = 0.25, standard error √(0.25·0.75/400) = 0.02165.
    expect(Math.abs(interval.low - (0.25 - 1.96 * 0.02165))).toBeLessThan(0.008);
    expect(Math.abs(interval.high - (0.25 + 1.96 * 0.02165))).toBeLessThan(0.008);
  });
});

describe('information', () => {
  it('measures entropy of weights that need not sum to one', () => {
    expect(entropy([2, 2])).toBeCloseTo(Math.LN2, 12);
    expect(entropy([1, 0, 0])).toBe(0);
    expect(perplexity([1, 1, 1, 1])).toBeCloseTo(4, 12);
  });
  it('is 1 for a relabelling, 0 for independence', () => {
    expect(normalizedMutualInformation([0, 0, 1, 1], ['x', 'x', 'y', 'y'])).toBeCloseTo(1, 12);
    expect(normalizedMutualInformation([0, 1, 0, 1], ['x', 'x', 'y', 'y'])).toBeCloseTo(0, 12);
    expect(normalizedMutualInformation([0, 0], ['x', 'y'])).toBe(0);
  });
  it('keeps labels apart that would join to the same text', () => {
    expect(mutualInformation(['a,', 'a'], ['b', ',b'])).toBeCloseTo(Math.LN2, 12);
  });
  it('counts two codes for one factor as full recovery, while NMI does not', () => {
    const codes = [0, 1, 2, 3];
    const factors = ['x', 'x', 'y', 'y'];
    expect(factorRecovery(codes, factors)).toBeCloseTo(1, 12);
    // I = ln 2, entropies ln 4 and ln 2: ln 2 / (1.5 ln 2).
    expect(normalizedMutualInformation(codes, factors)).toBeCloseTo(2 / 3, 12);
  });
});

describe('crossedBootstrapInterval', () => {
  const seeds = (values: readonly number[], items: number) => values.map((value) => Array(items).fill(value));

  it('has no width where seeds and items agree, and none from items where only seeds differ', () => {
    expect(crossedBootstrapInterval(seeds([1, 1, 1], 5), { seed: 1 })).toEqual({ low: 1, high: 1 });
    // Two seeds, 0 and 1: means 0, ½, 1 with odds ¼, ½, ¼, so the middle 40 % is ½ and the middle 90 % reaches both ends.
    const outcomes = seeds([0, 1], 50);
    expect(crossedBootstrapInterval(outcomes, { seed: 1, level: 0.4 })).toEqual({ low: 0.5, high: 0.5 });
    expect(crossedBootstrapInterval(outcomes, { seed: 1, level: 0.9 })).toEqual({ low: 0, high: 1 });
  });

  it('is the normal interval of the items where seeds agree, however many there are', () => {
    // p = 0.3 on 500 items: standard error √(0.21/500) = 0.02049. Treating 4 × 500 as independent would halve it.
    const row = Array.from({ length: 500 }, (_, item) => (item % 10 < 3 ? 1 : 0));
    const { low, high } = crossedBootstrapInterval([row, row, row, row], { seed: 4 });
    expect(Math.abs(low - (0.3 - 1.96 * 0.02049))).toBeLessThan(0.006);
    expect(Math.abs(high - (0.3 + 1.96 * 0.02049))).toBeLessThan(0.006);
  });

  it('draws the items of a cluster together', () => {
    // Ten clusters of 20 equal items: standard error √(0.25/10) = 0.158, not √(0.25/200) = 0.035.
    const row = Array.from({ length: 200 }, (_, item) => (Math.floor(item / 20) % 2 === 0 ? 1 : 0));
    const clusters = row.map((_, item) => `prompt ${Math.floor(item / 20)}`);
    const alone = crossedBootstrapInterval([row], { seed: 2 });
    const together = crossedBootstrapInterval([row], { seed: 2, clusters });
    expect(alone.high - alone.low).toBeLessThan(0.16);
    expect(together.high - together.low).toBeGreaterThan(0.5);
  });

  it('repeats by key and refuses ragged input', () => {
    const row = [0, 1, 1, 0, 1, 0, 0, 1, 1, 1];
    expect(crossedBootstrapInterval([row], { seed: 9 })).toEqual(
      crossedBootstrapInterval([row], { seed: 9 }),
    );
    expect(() => crossedBootstrapInterval([row, [1]], { seed: 1 })).toThrow(RangeError);
    expect(() => crossedBootstrapInterval([], { seed: 1 })).toThrow(RangeError);
  });
});
