/** Disagreements settled: the queue of them, what stands, undo, and what exports and training take. */
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { NO_ATTRIBUTES } from '#core/verdictAttributes.ts';
import { connectReader } from '../data/database.ts';
import { labelledPairs } from '../data/trainingPairs.ts';
import { exported, WHOLE } from '../export/testThreePeople.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';

async function disputed() {
  const { facet, folder, path } = await openFacet();
  const file = join(folder, 'pairs.jsonl');
  const rows = [1, 2, 3, 4, 5].map((n) =>
    JSON.stringify({ prompt: `p${n}`, chosen: `c${n}`, rejected: `r${n}` }),
  );
  writeFileSync(file, rows.join('\n'));
  await importAll(facet, file);
  const [ada, bo, cyd] = [
    await labelAs(facet, 'Ada'),
    await labelAs(facet, 'Bo'),
    await labelAs(facet, 'Cyd'),
  ] as const;
  const why = (rationale: string) => ({ ...NO_ATTRIBUTES, rationale });
  await ada.decide({ pairId: 1, verdict: 'a', attributes: why('kinder') });
  await bo.decide({ pairId: 1, verdict: 'b', attributes: why('true') });
  await ada.decide({ pairId: 2, verdict: 'a' });
  await bo.decide({ pairId: 2, verdict: 'a' });
  await ada.decide({ pairId: 3, verdict: 'tie' });
  await bo.decide({ pairId: 3, verdict: 'both_bad' });
  await ada.decide({ pairId: 4, verdict: 'a' });
  await bo.decide({ pairId: 4, verdict: 'skip' });
  const { adjudication } = facet.services;
  const queue = (changes: object = {}) =>
    adjudication.queue(cyd.who, { pairId: null, after: null, blind: false, ...changes });
  const settle = (pairId: number, verdict: 'a' | 'b' | 'tie', requestId = randomUUID()) =>
    adjudication.decide(cyd.who, {
      ...{ requestId, annotatorId: cyd.annotatorId, pairId, verdict, leftKey: 'a' },
      ...{ durationMs: 9, rationale: ' the source says so ', blind: false },
    });
  const training = () => {
    const database = connectReader(path);
    try {
      return labelledPairs(database, { labels: 'people', sourceIds: null }).map(({ pairId, preferred }) => [
        pairId,
        preferred,
      ]);
    } finally {
      database.close();
    }
  };
  return { facet, path, folder, ada, bo, cyd, queue, settle, training };
}

it('comes to pairs on which people differ alone, with what each said and why', async () => {
  const { queue } = await disputed();
  const first = await queue();
  // Alike on 2; one label and a skip on 4.
  expect(first).toMatchObject({
    open: 2,
    settled: 0,
    item: { pair: { pairId: 1, revealed: null }, decision: null },
  });
  expect(
    first.item?.stated?.map(({ annotator, verdict, attributes }) => [
      annotator,
      verdict,
      attributes.rationale,
    ]),
  ).toEqual([
    ['Ada', 'a', 'kinder'],
    ['Bo', 'b', 'true'],
  ]);
  expect((await queue({ after: 1 })).item?.pair.pairId).toBe(3);
  // From the last to the first again.
  expect((await queue({ after: 3 })).item?.pair.pairId).toBe(1);
  expect((await queue({ blind: true })).item?.stated).toBeNull();
  await expect(queue({ pairId: 2 })).rejects.toMatchObject({ failure: { code: 'adjudication.no-dispute' } });
});

it('stands as this person’s verdict, settles the pair once, and is taken back whole', async () => {
  const { facet, queue, settle, cyd, training } = await disputed();
  expect(training()).toEqual([
    [2, 'a'],
    [4, 'a'],
  ]);
  const requestId = randomUUID();
  expect(await settle(1, 'b', requestId)).toMatchObject({
    open: 1,
    settled: 1,
    item: { pair: { pairId: 3 } },
  });
  expect(await settle(1, 'b', requestId)).toMatchObject({ open: 1, settled: 1 });
  expect(facet.services.annotate.verdicts(1).standing).toContainEqual({ annotator: 'Cyd', verdict: 'b' });
  expect((await queue({ pairId: 1, blind: true })).item).toMatchObject({
    decision: { annotator: 'Cyd', verdict: 'b', attributes: { rationale: 'the source says so' } },
    stated: [{ annotator: 'Ada' }, { annotator: 'Bo' }],
  });
  expect(training()).toEqual([
    [1, 'b'],
    [2, 'a'],
    [4, 'a'],
  ]);
  await cyd.undo();
  expect(await queue()).toMatchObject({ open: 2, settled: 0, item: { pair: { pairId: 1 }, decision: null } });
  expect(training()).not.toContainEqual([1, 'b']);
  // Given again by redo, it settles as before.
  await cyd.redo();
  expect(await queue()).toMatchObject({ open: 1, settled: 1, item: { pair: { pairId: 3 } } });
  await expect(settle(2, 'a')).rejects.toMatchObject({ failure: { code: 'adjudication.no-dispute' } });
});

it('is what an export of adjudicated labels takes, beside what people agree on', async () => {
  const { path, folder, settle } = await disputed();
  await settle(1, 'b');
  const out = join(folder, 'out.jsonl');
  await exported(path, { ...WHOLE, shape: 'trl', labels: 'adjudicated', out });
  const database = connectReader(path);
  onTestFinished(() => void database.close());
  const rows = readFileSync(out, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const replyB = database
    .prepare<[], string>('SELECT text FROM responses WHERE id = (SELECT b_id FROM pairs WHERE id = 1)')
    .pluck()
    .get();
  expect(rows).toHaveLength(4);
  expect(JSON.stringify(rows[0])).toContain(JSON.stringify(replyB).slice(1, -1));
  expect(JSON.stringify(rows[0]?.chosen)).toContain(replyB);
});
