import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { expect, it } from 'vitest';
import { connectReader } from '../data/database.ts';
import { exported, threePeople, WHOLE } from '../export/testThreePeople.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';
import { Connection } from './Connection.ts';

async function threePairs() {
  const opened = await openFacet();
  const file = join(opened.folder, 'three.jsonl');
  const rows = [1, 2, 3].map((n) => JSON.stringify({ prompt: `p${n}`, chosen: 'yes', rejected: 'no' }));
  writeFileSync(file, rows.join('\n'));
  await importAll(opened.facet, file);
  return opened;
}

/** Which text each verdict on a pair was made by, in order. */
function madeBy(path: string, pairId: number): (string | null)[] {
  const database = connectReader(path);
  try {
    return database
      .prepare<[number], string | null>(
        `SELECT text FROM annotations LEFT JOIN guideline_versions ON guideline_versions.id = guidelines_id
         JOIN annotators ON annotators.id = annotator_id
         WHERE pair_id = ? AND kind = 'person' ORDER BY annotations.id`,
      )
      .pluck()
      .all(pairId);
  } finally {
    database.close();
  }
}

it('guidelines are a version for each text, and a verdict knows the one that was on its page', async () => {
  const { facet, path } = await threePairs();
  const { guidelines, project, annotate } = facet.services;
  const ada = await labelAs(facet, 'Ada');
  const first = project.current()?.settings.guidelines as string;
  await ada.queue();
  await guidelines.save(ada.who, { text: 'Second', note: 'Shorter' });
  await guidelines.save(ada.who, { text: 'Second', note: 'The same again' });
  await guidelines.save(new Connection(), { text: 'Third', note: '' });
  expect(guidelines.versions()).toMatchObject([
    { number: 3, author: null, note: '' },
    { number: 2, author: 'Ada', note: 'Shorter' },
    { number: 1, author: null },
  ]);
  expect(guidelines.text(1)).toBe(first);
  expect(() => guidelines.text(4)).toThrow('no version 4');

  const given = { ...{ filter: null, includeSkipped: false, annotatorId: ada.annotatorId }, durationMs: 1 };
  const decision = { ...given, pairId: 1, verdict: 'a', leftKey: 'a' } as const;
  // The page had not heard of the third yet.
  await annotate.decide(ada.who, { ...decision, requestId: randomUUID(), guidelines: 2 });
  await ada.undo();
  await ada.redo();
  await ada.decide({ pairId: 1, verdict: 'tie' });
  expect(madeBy(path, 1)).toEqual(['Second', null, 'Second', 'Third']);
});

it('a change is news to each person until they were told, and to nobody who came after it', async () => {
  const { facet } = await threePairs();
  const { guidelines } = facet.services;
  const [ada, bo] = [await labelAs(facet, 'Ada'), await labelAs(facet, 'Bo')];
  const news = async (who: typeof ada) => (await who.queue()).guidelines;
  expect([await news(ada), await news(bo)]).toEqual([
    { number: 1, told: 1 },
    { number: 1, told: 1 },
  ]);
  // Whoever writes them has read them.
  await guidelines.save(ada.who, { text: 'Second', note: '' });
  expect([await news(ada), await news(bo)]).toEqual([
    { number: 2, told: 2 },
    { number: 2, told: 1 },
  ]);
  await guidelines.told(bo.who, 2);
  await guidelines.told(bo.who, 1);
  expect(await news(bo)).toEqual({ number: 2, told: 2 });
  expect(await news(await labelAs(facet, 'Cy'))).toEqual({ number: 2, told: 2 });
});

it('annotators read the guidelines and their versions, and write none', async () => {
  const { facet } = await threePairs();
  const { token } = await facet.services.people.add({ name: 'Bo', role: 'annotator' });
  const pass = facet.services.people.admit(token);
  const client = createRouterClient(facet.router, { context: { connection: new Connection({ pass }) } });
  expect(await client.guidelines.versions()).toHaveLength(1);
  expect(await client.guidelines.text({ number: 1 })).toContain('Choose the reply');
  await expect(client.guidelines.save({ text: 'Mine', note: '' })).rejects.toMatchObject({
    data: { code: 'people.not-allowed' },
  });
});

it('versions of an imported project stand beside those of one that has its own', async () => {
  const { facet, path, folder } = await threePeople();
  const out = join(folder, 'whole.jsonl');
  await exported(path, { ...WHOLE, out });
  const own = await openFacet();
  await own.facet.services.guidelines.save(new Connection(), { text: 'Ours', note: '' });
  await importAll(own.facet, out);
  await importAll(own.facet, out);
  expect(own.facet.services.project.current()?.settings.guidelines).toBe('Ours');
  expect(own.facet.services.guidelines.versions()).toHaveLength(2);
  const text = facet.services.project.current()?.settings.guidelines;
  const [first] = madeBy(own.path, 1);
  expect(first).toBe(text);
});
