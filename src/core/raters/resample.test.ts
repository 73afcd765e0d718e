import { expect, it } from 'vitest';
import { randomSource } from '../random.ts';
import { resampledWeights } from './resample.ts';

it.each([
  ['few', [3, 1, 0, 16]],
  ['many', [30_000, 10_000, 0, 160_000]],
])('draws as many items as there are, each combination by its share: %s', (_, counts) => {
  const observed = Float64Array.from(counts);
  const items = counts.reduce((sum, count) => sum + count, 0);
  const source = randomSource({ seed: 5, stream: 'test', counter: 0 });
  const weights = new Float64Array(counts.length);
  const draws = 4000;
  const sums = new Float64Array(counts.length);
  const squares = new Float64Array(counts.length);
  for (let draw = 0; draw < draws; draw++) {
    resampledWeights(observed, items, source, weights);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(items);
    for (const [place, weight] of weights.entries()) {
      sums[place]! += weight / draws;
      squares[place]! += weight ** 2 / draws;
    }
  }
  for (const [place, count] of counts.entries()) {
    const variance = count * (1 - count / items);
    // Five standard errors of the mean; the variance within a tenth.
    expect(Math.abs((sums[place] as number) - count)).toBeLessThanOrEqual(5 * Math.sqrt(variance / draws));
    expect((squares[place] as number) - (sums[place] as number) ** 2).toBeCloseTo(
      variance,
      -Math.log10(Math.max(1, variance) / 5),
    );
  }
});
