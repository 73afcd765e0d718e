import { expect, it } from 'vitest';
import { countChosen, EVERYTHING, isChosen, NOTHING, selectionOf, toggled, withStretch } from './choice.ts';

const filter = { text: 'cat', sourceId: null, status: 'all' } as const;

it('is of single pairs, and of stretches', () => {
  const some = withStretch(toggled(toggled(NOTHING, 4), 9), [2, 3, 4]);
  expect([2, 3, 4, 9, 10].map((id) => isChosen(some, id))).toEqual([true, true, true, true, false]);
  expect(countChosen(some, 1000)).toBe(4);
  expect(isChosen(toggled(some, 4), 4)).toBe(false);
});

it('of all that match takes single ones out and in', () => {
  const most = toggled(toggled(EVERYTHING, 7), 8);
  expect([isChosen(most, 7), isChosen(most, 1), countChosen(most, 100)]).toEqual([false, true, 98]);
  expect(countChosen(withStretch(most, [6, 7, 8]), 100)).toBe(100);
  expect(selectionOf(most, filter, 1)).toEqual({ filter, except: [7, 8] });
});

it('stands for the pair that the keys act on where nothing is chosen', () => {
  expect(selectionOf(NOTHING, filter, 5)).toEqual({ ids: [5] });
  expect(selectionOf(toggled(NOTHING, 2), filter, 5)).toEqual({ ids: [2] });
  expect(selectionOf(NOTHING, filter, undefined)).toBeNull();
});
