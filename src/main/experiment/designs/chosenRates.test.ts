import { expect, test } from 'vitest';
import { inputOver, somePairs } from '../testPairs.ts';
import type { Cell, CellResult } from '../types.ts';
import { realModel } from './realModel.ts';

const pairs = somePairs(400).map((pair) => ({ ...pair, aspect: 'politeness' }));
const input = inputOver(pairs, [4, 5], '/model');
const cells = realModel.cells(input);
const tried = cells.filter(({ group }) => group === 'opposed tones, choosing rates');
const plain = cells.filter(({ group }) => group === 'opposed tones');
const promptsOf = (of: ReturnType<Cell['data']>['test']): Set<string> =>
  new Set(of.map(({ messages }) => JSON.stringify(messages)));

test('every method is tried with as many rates and as many steps, with one seed', () => {
  expect(new Set(tried.map(({ seed }) => seed))).toEqual(new Set([4]));
  const counts = Map.groupBy(tried, ({ method }) => method.replace(/, rates × .*/, ''));
  expect([...counts.keys()]).toEqual([...new Set(plain.map(({ method }) => method))]);
  expect(new Set([...counts.values()].map(({ length }) => length)).size).toBe(1);
  expect(new Set([...tried, ...plain].map(({ config }) => config.steps)).size).toBe(1);
  // The preset's own rates are among them.
  const asGiven = tried.find(({ method }) => method === 'LPC, ours, rates × 1');
  expect(asGiven?.config).toEqual(
    plain.find(({ method, seed }) => method === 'LPC, ours' && seed === 4)?.config,
  );
});

test('rates are judged on training prompts of the table alone', () => {
  const { training, test: held } = tried[0]!.data();
  const scored = promptsOf(plain[0]!.data().test);
  for (const prompt of [...promptsOf(training), ...promptsOf(held)]) expect(scored.has(prompt)).toBe(false);
  expect([...promptsOf(training)].some((prompt) => promptsOf(held).has(prompt))).toBe(false);
});

test('each method goes on with the rates of the lowest loss, with every seed and the table’s pairs', () => {
  // −log σ(−1) = 1.31 but for two candidates: as right on one pair, and more so where margins are 2.
  const margin = (method: string): number =>
    method === 'LPC, ours, rates × 3' ? 2 : method === 'LPC, ours, rates × 10' ? 1 : -1;
  const results = tried.map(
    (cell) =>
      ({ cell, pairs: [{ margin: margin(cell.method) }], processorSeconds: 1 }) as unknown as CellResult,
  );
  const some = results.filter(({ cell }) => !cell.method.startsWith('MLP'));
  const more = realModel.followUp!(some, input);
  expect(new Set(more.map(({ group }) => group))).toEqual(new Set(['opposed tones, each at its best rates']));
  expect(more.some(({ method }) => method.startsWith('MLP'))).toBe(false);
  const ours = more.filter(({ method }) => method === 'LPC, ours');
  expect(ours.map(({ seed }) => seed)).toEqual([4, 5]);
  const before = plain.find(({ method }) => method === 'LPC, ours')!;
  expect(ours[0]?.config.headsLearningRate).toBeCloseTo(3 * before.config.headsLearningRate, 12);
  expect(ours[0]?.facts).toEqual({ 'rates ×': 3 });
  expect(ours[0]?.data().test).toEqual(before.data().test);
  // All alike: the first, which is the preset's own.
  const bias = more.find(({ method }) => method === 'DPO, one bias for all');
  expect(bias?.facts).toEqual({ 'rates ×': 1 });
  expect(realModel.askedBy!('opposed tones, each at its best rates')).toBe('opposed tones, choosing rates');
  expect(realModel.followUp!([], input)).toEqual([]);
});
