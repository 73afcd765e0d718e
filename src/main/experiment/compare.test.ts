import { expect, test } from 'vitest';
import { accuracyDifference, summariseMethods } from './compare.ts';
import { settingsUnder } from './settings.ts';
import type { CellResult } from './types.ts';

const settings = settingsUnder({});

/** A result whose pairs have the margins given, one prompt a pair. */
function resultOf(
  method: string,
  seed: number,
  margins: readonly number[],
  order?: readonly number[],
): CellResult {
  const pairs = margins.map((margin, index) => ({
    pairId: `pair-${index}`,
    promptId: `prompt-${index}`,
    margin,
    posteriorMargin: null,
    swappedMargin: null,
    kl: null,
  }));
  const config = settings(seed, { latent: null });
  return {
    cell: {
      key: `${method}/${seed}`,
      group: 'group',
      method,
      seed,
      modelDir: '',
      data: () => ({ name: 'data', training: [], test: [] }),
      config,
    },
    config,
    pairs: order ? order.map((index) => pairs[index]!) : pairs,
    figures: {
      accuracy: margins.filter((margin) => margin > 0).length / margins.length,
      accuracyByLabel: {},
    },
  } as unknown as CellResult;
}

test('a difference is taken pair by pair and seed by seed, whatever the order of either', () => {
  // Seed 1: right, right, wrong, wrong against right, wrong, wrong, wrong: +1 of 4. Seed 2: equal.
  const base = [resultOf('base', 2, [1, 1, -1, -1]), resultOf('base', 1, [1, -1, -1, -1], [3, 1, 0, 2])];
  const method = [resultOf('other', 1, [1, 1, -1, -1]), resultOf('other', 2, [2, 2, -1, -1])];
  const found = accuracyDifference(method, base);
  expect(found).toMatchObject({ mean: 0.125, base: 'base', seeds: [1, 2] });
  expect(found?.low).toBeLessThanOrEqual(0);
  expect(found?.high).toBeGreaterThan(0.125);
});

test('pairs that both get right or wrong widen no difference', () => {
  const wide = [1, -1, 1, -1, 1, -1, 1, -1];
  const same = accuracyDifference([resultOf('other', 1, wide)], [resultOf('base', 1, wide)]);
  expect(same).toMatchObject({ mean: 0, low: 0, high: 0 });
});

test('a margin of 0 is wrong', () => {
  const found = accuracyDifference([resultOf('other', 1, [0, 0])], [resultOf('base', 1, [1, 1])]);
  expect(found).toMatchObject({ mean: -1, low: -1, high: -1 });
});

test('seeds that the base lacks are left out; other pairs are refused', () => {
  const base = [resultOf('base', 1, [1, -1])];
  const method = [resultOf('other', 1, [1, 1]), resultOf('other', 2, [-1, -1])];
  expect(accuracyDifference(method, base)).toMatchObject({ mean: 0.5, seeds: [1] });
  expect(accuracyDifference([resultOf('other', 3, [1])], base)).toBeNull();
  expect(() => accuracyDifference([resultOf('other', 1, [1, 1, 1])], base)).toThrow(/different pairs/);
});

test('methods are summed up over their seeds, the base without a difference', () => {
  const results = [1, 2].flatMap((seed) => [
    resultOf('base', seed, [1, -1, -1, -1]),
    resultOf('other', seed, seed === 1 ? [1, 1, 1, -1] : [1, 1, -1, -1]),
  ]);
  const [base, other] = summariseMethods(results, () => 'base');
  expect(base).toMatchObject({ method: 'base', difference: null, accuracyBySeed: [0.25, 0.25] });
  expect(base?.accuracy.mean).toBe(0.25);
  expect(other).toMatchObject({ seeds: [1, 2], accuracyBySeed: [0.75, 0.5], testPairs: 4 });
  expect(other?.accuracy.mean).toBe(0.625);
  expect(other?.difference?.mean).toBe(0.375);
});
