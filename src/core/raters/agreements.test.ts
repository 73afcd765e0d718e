import { expect, it } from 'vitest';
import { agreements } from './agreements.ts';

it('counts, of the verdicts of others on the same pairs, those that say the same', () => {
  expect(
    agreements([
      [1, 'Ada', 'a'],
      [1, 'Ben', 'a'],
      [1, 'Cem', 'b'],
      [2, 'Ada', 'b'],
      [2, 'Ben', 'a'],
      [3, 'Ada', 'tie'],
    ]),
  ).toEqual([
    { name: 'Ada', pairs: 3, others: 3, same: 1 },
    { name: 'Ben', pairs: 2, others: 3, same: 1 },
    { name: 'Cem', pairs: 1, others: 2, same: 0 },
  ]);
  expect(agreements([])).toEqual([]);
});
