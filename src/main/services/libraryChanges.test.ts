import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PairFilter, Selection } from '#shared/entities.ts';
import type { MarkAction } from '#shared/library.ts';
import { createDatabase, openDatabase } from '../data/database.ts';
import { markTable, sparse } from '../data/marks/markTable.ts';
import { Bits } from '../data/search/Bits.ts';
import { temporaryFolder } from '../data/testProject.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';

const everything: PairFilter = { text: '', sourceId: null, status: 'all' };

async function openPairs(count: number) {
  const { facet, folder, path } = await openFacet();
  const file = join(folder, 'pairs.jsonl');
  const rows = Array.from({ length: count }, (_, index) => ({
    prompt: `Question ${index + 1}`,
    chosen: `Yes ${index + 1}.`,
    rejected: `No ${index + 1}.`,
    source: index % 2 === 0 ? 'odd' : 'even',
  }));
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  await importAll(facet, file);
  const ada = await labelAs(facet);
  const { library } = facet.services;
  const change = (action: MarkAction, selection: Selection, tag?: string) =>
    library.change({ action, selection, tag }, ada.who);
  const ids = async (filter: Partial<PairFilter> = {}) =>
    (await library.rows({ ...everything, ...filter }, 0, 500, ada.who)).map(({ id }) => id);
  const queue = async () => (await ada.queue()).items.map(({ pairId }) => pairId);
  const training = async () =>
    (await facet.services.runs.countPairs({ labels: 'people-then-imported', sourceIds: null })).pairs;
  const undo = async () => {
    const latest = library.latest(ada.who);
    return latest && library.undoChange(latest.id, ada.who);
  };
  return { facet, path, ada, library, change, ids, queue, training, undo };
}

describe('excluded and deleted pairs', () => {
  it.each(['exclude', 'delete'] as const)(
    'leave queue, training, counts and table after %s; undo brings them back',
    async (action) => {
      const { facet, ada, library, change, ids, queue, training, undo } = await openPairs(8);
      await ada.decide({ pairId: 2, verdict: 'a' });
      await ada.decide({ pairId: 5, verdict: 'skip' });
      const made = await change(action, { ids: [1, 2, 5, 99] });
      expect(made).toMatchObject({ adds: true, pairs: 3 });
      expect(await ids()).toEqual([3, 4, 6, 7, 8]);
      expect(await ids({ where: { shown: action === 'delete' ? 'deleted' : 'excluded' } })).toEqual([
        1, 2, 5,
      ]);
      expect(await queue()).toEqual([3, 4, 6, 7, 8]);
      const { total, remaining, decided, skipped, items } = await ada.queue();
      expect([total, remaining, decided, skipped]).toEqual([5, 5, 0, 0]);
      expect(items.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5]);
      expect(await training()).toBe(5);
      expect(facet.services.project.current()?.counts.pairs).toBe(5);
      expect((await library.sources()).map(({ name, pairs }) => [name, pairs])).toEqual([
        ['odd', 2],
        ['even', 3],
      ]);
      expect(await library.statusCounts({ text: '', sourceId: null }, ada.who)).toEqual({
        all: 5,
        labelled: 0,
        skipped: 0,
        unlabelled: 5,
      });
      await undo();
      expect(await ids()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(await queue()).toEqual([1, 3, 4, 6, 7]);
      expect(await training()).toBe(8);
      expect(facet.services.project.current()?.counts.pairs).toBe(8);
      expect(await undo()).toBeNull();
    },
  );

  it('keep their verdicts, also one that is given while they are left out', async () => {
    const { ada, library, change, undo } = await openPairs(4);
    await ada.queue();
    await change('delete', { ids: [1, 2] });
    await ada.decide({ pairId: 1, verdict: 'b' });
    expect((await ada.queue()).decided).toBe(0);
    expect(library.pair(1, ada.who).verdict).toBe('b');
    await undo();
    expect((await ada.queue()).decided).toBe(1);
  });

  it('that were excluded before they were deleted are so again when they are restored', async () => {
    const { change, ids, queue } = await openPairs(4);
    await change('exclude', { ids: [1] });
    await change('delete', { ids: [1, 2] });
    await change('restore', { ids: [1, 2] });
    expect(await ids()).toEqual([2, 3, 4]);
    expect(await queue()).toEqual([2, 3, 4]);
    expect(await ids({ where: { shown: 'excluded' } })).toEqual([1]);
  });
});

describe('a change of many pairs', () => {
  it('reaches all that a filter matches but for some, and is one step', async () => {
    const { library, change, ids, undo } = await openPairs(300);
    const even = (await library.sources()).find(({ name }) => name === 'even')?.id as number;
    const filter = { ...everything, sourceId: even };
    expect(await change('tag', { filter, except: [2, 4] }, 'check')).toMatchObject({
      kind: 'tag',
      name: 'check',
      pairs: 148,
    });
    expect(await library.tags()).toEqual([{ name: 'check', pairs: 148 }]);
    expect((await ids({ where: { tags: ['check'] } })).slice(0, 3)).toEqual([6, 8, 10]);
    // Only what it changed is taken back.
    expect(await change('tag', { ids: [2, 6] }, 'check')).toMatchObject({ pairs: 1 });
    expect(await change('tag', { ids: [2, 6] }, 'check')).toBeNull();
    await undo();
    expect((await ids({ where: { tags: ['check'] } })).slice(0, 3)).toEqual([6, 8, 10]);
    await undo();
    expect(await library.tags()).toEqual([{ name: 'check', pairs: 0 }]);
  });

  it('is refused by name where another page has changed pairs since', async () => {
    const { ada, library, change } = await openPairs(3);
    const first = await change('exclude', { ids: [1] });
    await change('exclude', { ids: [2] });
    await expect(library.undoChange(first?.id as number, ada.who)).rejects.toMatchObject({
      failure: { code: 'library.history-moved' },
    });
  });

  it('of one person is not undone by another', async () => {
    const { facet, library, change } = await openPairs(3);
    await change('exclude', { ids: [1] });
    const bo = await labelAs(facet, 'Bo');
    expect(library.latest(bo.who)).toBeNull();
  });

  it('is there when the project is opened again, with its undo', async () => {
    const { facet, path, library, change, ids } = await openPairs(3);
    await change('exclude', { ids: [1] });
    await facet.services.project.close();
    await facet.services.project.open(path);
    const ada = await labelAs(facet);
    expect(await ids()).toEqual([2, 3]);
    const latest = library.latest(ada.who);
    await library.undoChange(latest?.id as number, ada.who);
    expect(await ids()).toEqual([1, 2, 3]);
  });

  it('that was broken off is finished at the next start', async () => {
    const path = join(temporaryFolder(), 'test.facet');
    const database = createDatabase(path);
    const bits = new Bits(3 * 65_536);
    for (let id = 1; id < bits.size; id += 2) bits.add(id);
    const table = markTable(database);
    table.begin({
      markId: 2,
      adds: true,
      pairs: bits.count(),
      words: sparse(bits),
      annotatorId: null,
      at: 't',
    });
    const [first] = [...table.pieces()];
    first?.();
    database.close();
    const again = await openDatabase(path);
    const marked = () =>
      again.prepare('SELECT count(*), min(bits), max(bits) FROM left_out WHERE bits <> 0').raw().get();
    expect(marked()).toEqual([2048, 0xaaaaaaaa, 0xaaaaaaaa]);
    for (const piece of markTable(again).pieces()) piece();
    expect(marked()).toEqual([6144, 0xaaaaaaaa, 0xaaaaaaaa]);
    expect([...markTable(again).pieces()]).toEqual([]);
    again.close();
  });
});

describe('pairs that are sent to the queue', () => {
  it('come first, each until it is decided', async () => {
    const { ada, change, queue, undo } = await openPairs(9);
    await change('queue', { ids: [7, 4] });
    expect(await queue()).toEqual([4, 7, 1, 2, 3]);
    await ada.decide({ pairId: 4, verdict: 'a' });
    expect(await queue()).toEqual([7, 1, 2, 3, 5]);
    await change('exclude', { ids: [7] });
    expect(await queue()).toEqual([1, 2, 3, 5, 6]);
    await undo();
    expect(await queue()).toEqual([7, 1, 2, 3, 5]);
    await change('unqueue', { ids: [7] });
    expect(await queue()).toEqual([1, 2, 3, 5, 6]);
  });
});
