import { expect, it } from 'vitest';
import { hiddenRows } from './hiddenRows.ts';
import { QueueOrders } from './queueOrders.ts';
import { addPairs, newPair, temporaryDatabase } from './testProject.ts';

it('knows nothing of the pairs of an import that is taken back, whose ids others get', () => {
  const database = temporaryDatabase();
  const hidden = hiddenRows(database);
  const pairs = (from: number) => [0, 1].map((place) => newPair(from + place));
  addPairs(database, pairs(1), 'first');
  hidden.hide();
  addPairs(database, pairs(3), 'taken back');
  const orders = new QueueOrders(database);
  const sourceId = (name: string) =>
    database.prepare<[string], number>('SELECT id FROM stored_sources WHERE name = ?').pluck().get(name) ?? 0;
  const bySource = (name: string, ids: number[]) => [
    ...orders.order(
      { by: 'sources', shares: [{ sourceId: sourceId(name), share: 1 }] },
      Uint32Array.from(ids),
    ).ids,
  ];
  expect(bySource('first', [1, 2])).toEqual([1, 2]);
  while (!hidden.removeSome(10));
  addPairs(database, pairs(5), 'first');
  addPairs(database, pairs(7), 'last');
  expect(bySource('last', [1, 2, 3, 4, 5, 6])).toEqual([5, 6, 1, 2, 3, 4]);
});
