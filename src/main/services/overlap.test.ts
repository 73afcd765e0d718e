/** Pairs shared among people: each comes to as many as are wanted, whoever is faster, skips, goes away or takes back. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labelsWanted, type Overlap } from '#core/assignment.ts';
import type { Queue } from '#shared/entities.ts';
import { CLAIM_MS, claimTable } from '../data/claims.ts';
import { connectReader } from '../data/database.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';

async function open(pairs: number, overlap: Overlap, names: readonly string[]) {
  const { facet, folder, path } = await openFacet();
  const file = join(folder, 'pairs.jsonl');
  const rows = Array.from({ length: pairs }, (_, n) =>
    JSON.stringify({ prompt: `p${n}`, chosen: `c${n}`, rejected: `r${n}` }),
  );
  writeFileSync(file, rows.join('\n'));
  await importAll(facet, file);
  await facet.services.project.updateSettings({ overlap });
  const people: Awaited<ReturnType<typeof labelAs>>[] = [];
  for (const name of names) people.push(await labelAs(facet, name));
  const labels = (pairId: number) =>
    facet.services.annotate.verdicts(pairId).standing.filter(({ verdict }) => verdict !== 'skip').length;
  return { facet, path, people, labels };
}
const ids = (queue: Queue): number[] => queue.items.map(({ pairId }) => pairId);

/** Everybody decides in turn what is before them, until nobody has anything. */
async function labelAll(people: Awaited<ReturnType<typeof open>>['people']): Promise<void> {
  const before = new Map<number, Queue>();
  for (const [place, person] of people.entries()) before.set(place, await person.queue());
  for (let isBusy = true; isBusy; ) {
    isBusy = false;
    for (const [place, person] of people.entries()) {
      let queue = before.get(place) as Queue;
      // What others gave back comes when the queue is opened again.
      if (queue.items.length === 0) queue = await person.queue();
      const [item] = queue.items;
      if (item === undefined) continue;
      isBusy = true;
      before.set(place, await person.decide({ pairId: item.pairId, verdict: 'a' }));
    }
  }
}

describe('people who share pairs', () => {
  it.each([
    { labels: 1, share: 1 },
    { labels: 2, share: 1 },
    { labels: 3, share: 0.4 },
  ])('give each pair what is wanted and no more: $labels on a share of $share', async (overlap) => {
    const { people, labels } = await open(30, overlap, ['Ada', 'Bo', 'Cy']);
    await labelAll(people);
    const pairs = Array.from({ length: 30 }, (_, place) => place + 1);
    expect(pairs.map(labels)).toEqual(pairs.map((id) => labelsWanted(id, overlap)));
  });

  it('have no pair before them that is before another', async () => {
    const { people } = await open(20, { labels: 1, share: 1 }, ['Ada', 'Bo']);
    const [ada, bo] = people;
    if (!ada || !bo) throw new Error('nobody');
    const first = ids(await ada.queue());
    expect(first).toEqual([1, 2, 3, 4, 5]);
    expect(ids(await bo.queue())).toEqual([6, 7, 8, 9, 10]);
    // The next is one that nobody has, in any order and under any filter.
    expect(ids(await ada.decide({ pairId: 1, verdict: 'b' }))).toEqual([2, 3, 4, 5, 11]);
    const others = ids(await bo.queue(null, { order: { by: 'random', seed: 4 } }));
    expect(others.filter((id) => [1, 2, 3, 4, 5, 11].includes(id))).toEqual([]);
    const again = ids(await ada.queue(null, { includeSkipped: true }));
    expect(again.filter((id) => others.includes(id))).toEqual([]);
  });

  it('get what another skips or takes back', async () => {
    const { facet, people } = await open(12, { labels: 1, share: 1 }, ['Ada', 'Bo']);
    const [ada, bo] = people;
    if (!ada || !bo) throw new Error('nobody');
    await ada.queue();
    await ada.decide({ pairId: 1, verdict: 'skip' });
    expect(ids(await bo.queue())[0]).toBe(1);
    await bo.decide({ pairId: 1, verdict: 'a' });
    await ada.decide({ pairId: 2, verdict: 'a' });
    // Taken back, it is still before Ada; once she has turned from it, it is anybody's.
    await ada.undo();
    expect(ids(await bo.queue())).not.toContain(2);
    await ada.decide({ pairId: 2, verdict: 'skip' });
    expect(ids(await bo.queue())).toContain(2);
    await bo.decide({ pairId: 2, verdict: 'b' });
    // A label that becomes a skip leaves room again.
    await bo.decide({ pairId: 1, verdict: 'skip' });
    const cy = await labelAs(facet, 'Cy');
    expect(ids(await cy.queue())[0]).toBe(1);
  });

  it('get the pairs of a page that went away, after a while', async () => {
    const { people, path } = await open(8, { labels: 1, share: 1 }, ['Ada', 'Bo']);
    const [ada, bo] = people;
    if (!ada || !bo) throw new Error('nobody');
    await ada.queue();
    const database = connectReader(path);
    try {
      const claims = claimTable(database);
      const place = (at: number) =>
        claims.placeFor(1, bo.annotatorId, { labels: 1, share: 1, drawnBy: 1 }, at);
      expect(place(Date.now())).toBe('claimed');
      expect(place(Date.now() + CLAIM_MS + 1)).toBe('free');
    } finally {
      database.close();
    }
    // A verdict that comes all the same is kept.
    await bo.decide({ pairId: 1, verdict: 'a' });
    await ada.decide({ pairId: 1, verdict: 'b' });
    expect(ids(await ada.queue())).not.toContain(1);
  });

  it('leave a pair that three wait for to be decided by each once, however often it is asked', async () => {
    const { people, labels } = await open(3, { labels: 3, share: 1 }, ['Ada', 'Bo', 'Cy', 'Di']);
    const queues = await Promise.all(people.map((person) => person.queue()));
    // Three have all of it before them, the fourth nothing.
    expect(queues.map((queue) => queue.items.length)).toEqual([3, 3, 3, 0]);
    await labelAll(people);
    expect([1, 2, 3].map(labels)).toEqual([3, 3, 3]);
  });
});
