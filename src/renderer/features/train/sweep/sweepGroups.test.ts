import { expect, it } from 'vitest';
import type { SweepRow } from '#shared/sweepContract.ts';
import { bestGroup, placesOf, sweepGroups } from './sweepGroups.ts';

const row = (value: number, seed: number, loss: number | null, accuracy = 0.5): SweepRow => ({
  ...{ runId: seed, name: `${value} ${seed}`, values: [value], seed, state: 'finished', step: 2, steps: 2 },
  figures:
    loss === null
      ? null
      : { step: 2, pairs: 40, loss, accuracy, accuracyLow: 0.4, accuracyHigh: 0.6, codesInUse: null },
  causalRecovery: null,
});
const axes = [{ field: 'beta', values: [0.2, 0.1] }];

it('puts the seeds of a setting together, in the order of the values', () => {
  const groups = sweepGroups({
    axes,
    rows: [row(0.1, 2, 0.6, 0.7), row(0.2, 1, 0.5), row(0.1, 1, 0.4, 0.6)],
  });
  expect(groups.map(({ values }) => values)).toEqual([[0.2], [0.1]]);
  expect(groups[1]?.rows.map(({ seed }) => seed)).toEqual([1, 2]);
  // Several seeds: from the least to the most; one: its interval over prompts.
  expect(groups[1]?.spread.accuracy).toEqual({ mean: expect.closeTo(0.65), low: 0.6, high: 0.7 });
  expect(groups[0]?.spread.accuracy).toEqual({ mean: 0.5, low: 0.4, high: 0.6 });
  expect(groups[1]?.spread.loss?.mean).toBeCloseTo(0.5);
  expect(groups[1]?.spread.codesInUse).toBeNull();
});

it('chooses the best by the mean of the rule’s figure, and none while one setting alone has figures', () => {
  const rows = [row(0.2, 1, 0.5, 0.9), row(0.1, 1, 0.4, 0.6), row(0.1, 2, 0.5, 0.6)];
  const groups = sweepGroups({ axes, rows });
  expect(bestGroup(groups, 'loss')?.values).toEqual([0.1]);
  expect(bestGroup(groups, 'accuracy')?.values).toEqual([0.2]);
  expect(bestGroup(sweepGroups({ axes, rows: [row(0.2, 1, null), row(0.1, 1, 0.4)] }), 'loss')).toBeNull();
});

it('spreads values by size, by order of magnitude where they are ten times apart, else in their order', () => {
  expect(placesOf([0.1, 0.2, 0.5])).toEqual({ places: [0, expect.closeTo(0.25), 1], scale: 'lin' });
  expect(placesOf([0.001, 0.01, 0.1])).toEqual({ places: [0, expect.closeTo(0.5), 1], scale: 'log' });
  expect(placesOf(['cosine', 'linear', 'constant'])).toEqual({ places: [0, 0.5, 1], scale: 'order' });
});
