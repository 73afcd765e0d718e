/** Single replies that people rate: the queue, history, what stands, what trains and what is exported. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dataExportSchema } from '#shared/dataEntities.ts';
import type { RatingQueue } from '#shared/ratingEntities.ts';
import { connectReader } from '../data/database.ts';
import { countSingles, labelledSingles } from '../data/trainingSingles.ts';
import { exported } from '../export/testThreePeople.ts';
import { readRow } from '../import/readRow.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';

async function ready(scale: 'thumbs' | 'five' = 'five', pairs = 8) {
  const { facet, folder, path } = await openFacet();
  const file = join(folder, 'pairs.jsonl');
  const rows = Array.from({ length: pairs }, (_, n) => ({
    prompt: `p${n}`,
    response_a: `good ${n}`,
    response_b: `bad ${n}`,
  }));
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  await importAll(facet, file);
  await facet.services.project.updateSettings({ ratings: { scale } });
  const { ratings } = facet.services;
  const person = async (name: string) => {
    const { who, annotatorId } = await labelAs(facet, name);
    return {
      queue: () => ratings.queue(who),
      rate: (queue: RatingQueue, value: number | null) =>
        ratings.rate(who, {
          ...{ requestId: crypto.randomUUID(), annotatorId, replyId: queue.item?.replyId ?? 0 },
          ...{ scale: queue.scale, value, durationMs: 5 },
        }),
      undo: (queue: RatingQueue) => ratings.undo(who, { annotatorId, step: queue.undo?.id ?? 0 }),
      redo: (queue: RatingQueue) => ratings.redo(who, { annotatorId, step: queue.redo?.id ?? 0 }),
    };
  };
  const singles = (labels: 'people' | 'imported' | 'people-then-imported') => {
    const database = connectReader(path);
    try {
      const selection = { labels, sourceIds: null };
      const found = [...labelledSingles(database, selection, () => undefined)];
      expect(countSingles(database, selection)).toBe(found.length);
      return found.map(({ chosen, rejected, single }) => [single, chosen || rejected]);
    } finally {
      database.close();
    }
  };
  return { facet, folder, path, person, singles };
}
/** Of these replies good ones are rated 5 and 4, bad ones 1 and 3. */
const ratingOf = (text: string): number => {
  const odd = Number(text.split(' ')[1]) % 2 === 1;
  return text.startsWith('good') ? (odd ? 4 : 5) : odd ? 3 : 1;
};

it('goes through every reply once, the same for all, and comes to an end', async () => {
  const { person, singles } = await ready();
  const orders: number[][] = [];
  for (const name of ['Ada', 'Bo']) {
    const rater = await person(name);
    const came: number[] = [];
    let queue = await rater.queue();
    while (queue.item) {
      came.push(queue.item.replyId);
      expect(queue.item.value).toBeNull();
      queue = await rater.rate(queue, ratingOf(queue.item.text));
    }
    expect(queue).toMatchObject({ rated: 16, skipped: 0 });
    expect(new Set(came).size).toBe(16);
    orders.push(came);
  }
  expect(orders[1]).toEqual(orders[0]);
  const found = singles('people');
  expect(found).toHaveLength(16);
  for (const [side, text] of found) expect(side).toBe(text?.startsWith('good') ? 'chosen' : 'rejected');
  expect(singles('imported')).toEqual([]);
});

it('takes back and gives again, a changed rating too, and refuses what another page has moved', async () => {
  const { person, singles, facet } = await ready('thumbs');
  const ada = await person('Ada');
  const first = await ada.queue();
  const second = await ada.rate(first, 1);
  const third = await ada.rate(second, null);
  expect(third).toMatchObject({ rated: 1, skipped: 1, undo: { replyId: second.item?.replyId, value: null } });
  const back = await ada.undo(third);
  expect(back.item?.replyId).toBe(second.item?.replyId);
  const further = await ada.undo(back);
  expect(further).toMatchObject({ item: { ...first.item, value: null }, rated: 0, undo: null });
  expect(singles('people')).toEqual([]);
  const again = await ada.redo(further);
  expect(again).toMatchObject({ rated: 1, redo: { value: null } });
  await expect(ada.undo(third)).rejects.toMatchObject({ failure: { code: 'annotate.history-moved' } });
  // A new one hides what was taken back.
  expect((await ada.rate(again, 0)).redo).toBeNull();
  expect(
    singles('people')
      .map(([side]) => side)
      .sort(),
  ).toEqual(['chosen', 'rejected']);
  await facet.services.project.updateSettings({ ratings: { scale: 'off' } });
  await expect(ada.queue()).rejects.toMatchObject({ failure: { code: 'ratings.off' } });
});

it('takes what most people say by the cut, leaves out draws, and follows pairs that go', async () => {
  const { person, singles, facet } = await ready('five', 1);
  const people = [await person('Ada'), await person('Bo'), await person('Cy')];
  for (const [index, rater] of people.entries()) {
    let queue = await rater.queue();
    while (queue.item)
      queue = await rater.rate(queue, queue.item.text.startsWith('good') ? ([3, 4, 5][index] ?? 5) : 2);
  }
  const said = () => Object.fromEntries(singles('people').map(([side, text]) => [text, side]));
  expect(said()).toEqual({ 'good 0': 'chosen', 'bad 0': 'rejected' });
  await facet.services.project.updateSettings({ ratings: { cut: 5 } });
  expect(said()).toEqual({ 'good 0': 'rejected', 'bad 0': 'rejected' });
  await facet.services.library.change({ selection: { ids: [1] }, action: 'exclude' });
  expect(singles('people')).toEqual([]);
  expect((await (people[0] as (typeof people)[number]).queue()).item).toBeNull();
});

it('leaves as TRL reads unpaired preferences, whole and split, and comes back so', async () => {
  const { person, folder, path } = await ready();
  const ada = await person('Ada');
  let queue = await ada.queue();
  while (queue.item) queue = await ada.rate(queue, ratingOf(queue.item.text));
  const out = join(folder, 'unpaired.jsonl');
  const asked = { shape: 'trl-unpaired', file: 'jsonl', out } as const;
  await exported(path, dataExportSchema.parse(asked));
  const lines = (name: string) => readFileSync(name, 'utf8').trim().split('\n');
  const rows = lines(out).map(
    (line) => JSON.parse(line) as { label: boolean; completion: { content: string }[] },
  );
  expect(rows).toHaveLength(16);
  expect(rows[0]).toMatchObject({
    prompt: [{ role: 'user' }],
    completion: [{ role: 'assistant' }],
    source: 'pairs',
  });
  for (const { label, completion } of rows) expect(label).toBe(completion[0]?.content.startsWith('good'));
  for (const row of rows) {
    const read = readRow(row);
    expect(read.ok && read.items[0]).toMatchObject({ kind: 'single', desirable: row.label });
  }
  const { files } = await exported(path, dataExportSchema.parse({ ...asked, testShare: 0.4, seed: 2 }));
  const [train, test] = files.map((file) => lines(file.path)) as [string[], string[]];
  expect([...train, ...test].sort()).toEqual(lines(out).sort());
  const promptsOf = (some: string[]) => new Set(some.map((line) => JSON.stringify(JSON.parse(line).prompt)));
  expect([...promptsOf(train)].filter((prompt) => promptsOf(test).has(prompt))).toEqual([]);
  for (const file of ['csv', 'parquet'] as const) {
    const { files: one } = await exported(
      path,
      dataExportSchema.parse({ ...asked, file, out: join(folder, `u.${file}`) }),
    );
    expect(one[0]?.rows).toBe(16);
  }
});
