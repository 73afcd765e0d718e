/** Pairs whose answer is known: in the queue, told or not, who may see what, and what exports and training take. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { expect, it } from 'vitest';
import { NO_ATTRIBUTES } from '#core/verdictAttributes.ts';
import { wilsonInterval } from '#core/wilsonInterval.ts';
import { dataExportSchema } from '#shared/dataEntities.ts';
import { connectReader } from '../data/database.ts';
import { labelledPairs } from '../data/trainingPairs.ts';
import { exported } from '../export/testThreePeople.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';
import { Connection } from './Connection.ts';

const PAIRS = 40;
const KNOWN = [3, 4, 5, 6, 7, 8, 9, 10];

async function withGold(shown: boolean) {
  const { facet, folder, path } = await openFacet();
  const file = join(folder, 'pairs.jsonl');
  const rows = Array.from({ length: PAIRS }, (_, n) =>
    JSON.stringify({ prompt: `p${n + 1}`, chosen: `c${n + 1}`, rejected: `r${n + 1}` }),
  );
  writeFileSync(file, rows.join('\n'));
  await importAll(facet, file);
  const olga = await labelAs(facet, 'Olga');
  for (const pairId of KNOWN)
    await olga.decide({
      pairId,
      verdict: 'a',
      attributes: { ...NO_ATTRIBUTES, rationale: `because ${pairId}` },
    });
  const { gold, people, project } = facet.services;
  await project.updateSettings({ gold: { rate: 0.4, warnBelow: 0.9 } });
  const marked = await gold.mark(olga.who, {
    selection: { ids: [1, ...KNOWN] },
    annotatorId: olga.annotatorId,
    shown,
  });
  expect(marked).toEqual({ marked: KNOWN.length, without: 1 });
  const { member, token } = await people.add({ name: 'Ada', role: 'annotator' });
  const pass = people.admit(token);
  if (pass === null) throw new Error('not admitted');
  const connection = new Connection({ isRemote: true, pass });
  const client = createRouterClient(facet.router, { context: { connection } });
  await client.annotate.identify({ name: 'Ada' });
  /** Decides all that comes, as `say` has it, and tells in which order it came. */
  const labelAll = async (say: (pairId: number) => 'a' | 'b') => {
    const came: number[] = [];
    let queue = await client.annotate.queue({ filter: null, includeSkipped: false, pairId: null });
    const told: unknown[] = [];
    const items = [...queue.items];
    while (queue.items[0]) {
      const { pairId, left } = queue.items[0];
      came.push(pairId);
      queue = await client.annotate.decide({
        ...{ filter: null, includeSkipped: false, requestId: crypto.randomUUID() },
        ...{
          annotatorId: member.annotatorId,
          pairId,
          verdict: say(pairId),
          leftKey: left.key,
          durationMs: 1,
        },
      });
      items.push(...queue.items);
      if (queue.gold !== null) told.push(queue.gold);
    }
    return { came, told, items };
  };
  const trained = () => {
    const database = connectReader(path);
    try {
      return labelledPairs(database, { labels: 'people', sourceIds: null }).length;
    } finally {
      database.close();
    }
  };
  return { facet, folder, path, olga, client, member, labelAll, trained };
}

it('mixes hidden ones in, so that nothing that comes over the line tells them', async () => {
  const { facet, client, member, labelAll } = await withGold(false);
  const { came, told, items } = await labelAll((pairId) => (pairId <= 4 ? 'b' : 'a'));
  expect([...came].sort((one, other) => one - other)).toEqual(Array.from({ length: PAIRS }, (_, n) => n + 1));
  const places = came.flatMap((pairId, place) => (KNOWN.includes(pairId) ? [place] : []));
  // Neither in a heap nor where the import has them.
  expect(places).not.toEqual(places.map((_, at) => (places[0] as number) + at));
  expect(came).not.toEqual([...came].sort((one, other) => one - other));
  expect(told).toEqual([]);
  for (const item of items) expect(item).toMatchObject({ reason: null, revealed: null });
  const fields = (known: boolean) =>
    items.filter(({ pairId }) => KNOWN.includes(pairId) === known).map((item) => Object.keys(item).join());
  expect(new Set(fields(true))).toEqual(new Set(fields(false)));
  // Places count one's own pairs, known or not.
  expect(new Set(came.map((id) => items.find(({ pairId }) => pairId === id)?.position)).size).toBe(PAIRS);
  await expect(client.gold.state()).rejects.toMatchObject({ data: { code: 'people.not-allowed' } });
  const [low, high] = wilsonInterval(6 / 8, 8);
  expect(facet.services.gold.state()).toMatchObject({
    ...{ hidden: 8, shown: 0 },
    people: [
      {
        annotatorId: member.annotatorId,
        hidden: { answered: 8, right: 6, share: 0.75, low, high },
        shown: { answered: 0, share: null },
        isBelow: true,
      },
    ],
  });
});

it('tells of shown ones what was right and why, and counts the first answer alone', async () => {
  const { facet, client, member, labelAll } = await withGold(true);
  const { told } = await labelAll((pairId) => (pairId === 3 ? 'b' : 'a'));
  expect(told).toHaveLength(KNOWN.length);
  expect(told).toContainEqual({ pairId: 3, isRight: false, answer: 'a', reason: 'because 3' });
  expect(told).toContainEqual({ pairId: 4, isRight: true, answer: 'a', reason: 'because 4' });
  const again = await client.annotate.decide({
    ...{ filter: null, includeSkipped: false, requestId: crypto.randomUUID() },
    ...{ annotatorId: member.annotatorId, pairId: 3, verdict: 'a', leftKey: 'a', durationMs: 1 },
  });
  expect(again.gold).toMatchObject({ isRight: true });
  const [person] = facet.services.gold.state().people;
  expect(person).toMatchObject({ shown: { answered: 8, right: 7 }, hidden: { answered: 0 }, isBelow: false });
});

it('leaves what people say of them out of training where they are not to count', async () => {
  const { facet, olga, labelAll, trained } = await withGold(false);
  await labelAll(() => 'b');
  // Olga says otherwise of the known eight: a draw, which is no label.
  expect(trained()).toBe(PAIRS - KNOWN.length);
  await facet.services.project.updateSettings({ gold: { counts: false } });
  expect(trained()).toBe(PAIRS);
  expect(await facet.services.gold.unmark(olga.who, { selection: { ids: [3] } })).toEqual({ unmarked: 1 });
  expect(trained()).toBe(PAIRS - 1);
  expect(await facet.services.gold.unmark(olga.who, { selection: null })).toEqual({ unmarked: 7 });
  expect(facet.services.gold.state()).toMatchObject({ hidden: 0, shown: 0, people: [] });
});

it('leaves what people say of them out of exports where they are not to count', async () => {
  const { facet, folder, path, labelAll } = await withGold(false);
  await labelAll(() => 'b');
  const out = join(folder, 'out.jsonl');
  /** The preferred reply of each prompt. */
  const preferred = async (annotators?: readonly string[]): Promise<Map<string, string>> => {
    const pairs = annotators === undefined ? {} : { annotators };
    await exported(path, dataExportSchema.parse({ shape: 'trl', file: 'jsonl', out, pairs }));
    const rows = readFileSync(out, 'utf8').trim().split('\n');
    return new Map(
      rows.map((row) => {
        const { prompt, chosen } = JSON.parse(row) as Record<'prompt' | 'chosen', [{ content: string }]>;
        return [prompt[0].content, chosen[0].content];
      }),
    );
  };
  const ofAda = await preferred(['Ada']);
  expect(ofAda.size).toBe(PAIRS);
  const known = KNOWN.map((pairId) => `p${pairId}`);
  // A draw of the two is no label.
  expect([...ofAda.keys()].filter((prompt) => !known.includes(prompt))).toEqual([
    ...(await preferred()).keys(),
  ]);
  await facet.services.project.updateSettings({ gold: { counts: false } });
  expect((await preferred(['Ada'])).size).toBe(PAIRS - KNOWN.length);
  const counted = await preferred();
  expect(counted.size).toBe(PAIRS);
  const otherwise = [...counted].filter(([prompt, reply]) => ofAda.get(prompt) !== reply);
  expect(otherwise.map(([prompt]) => prompt)).toEqual(known);
});

it('refuses answers that nobody gave', async () => {
  const { facet, olga } = await withGold(false);
  const selection = { filter: { text: '', sourceId: null, status: 'unlabelled' as const }, except: [] };
  await expect(
    facet.services.gold.mark(olga.who, { selection, annotatorId: olga.annotatorId, shown: true }),
  ).rejects.toMatchObject({ failure: { code: 'gold.no-answer' } });
});
