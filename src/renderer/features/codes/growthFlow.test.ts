import { expect, it } from 'vitest';
import { growthFlow } from './growthFlow.ts';

it('lets codes go on under their own numbers, and leaves out what has hardly any weight', () => {
  const { columns, changes } = growthFlow([{ weights: [0.9, 0.095, 0.005] }, { weights: [0.5, 0, 0.5] }]);
  expect(columns.map(({ use }) => use.map(({ code }) => code))).toEqual([
    [0, 1],
    [0, 2],
  ]);
  expect(changes).toEqual([{ kept: [{ from: 0, to: 0 }], born: [{ code: 2, from: null }], died: [] }]);
});
