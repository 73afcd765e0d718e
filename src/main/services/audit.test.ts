/** Labels that others contradict: the list, what is decided again, undo, and several people. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { otherReply } from '#core/preference.ts';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import type { Audit } from '#shared/auditEntities.ts';
import { temporaryFolder } from '../data/testProject.ts';
import { facetOver, importAll } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';
import { FakeCompute } from './fakeCompute.ts';

async function audited() {
  const folder = temporaryFolder();
  const compute = new FakeCompute();
  const facet = facetOver(folder, { compute });
  onTestFinished(() => facet.dispose());
  const { project, models, runs, audit } = facet.services;
  const path = join(folder, 'pairs.facet');
  await project.create({ path, name: 'Pairs' });
  const rows = [1, 2, 3, 4].map((n) => ({
    prompt: `What of ${n}?`,
    chosen: `yes ${n}`,
    rejected: `no ${n}`,
  }));
  writeFileSync(join(folder, 'pairs.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  await importAll(facet, join(folder, 'pairs.jsonl'));
  mkdirSync(join(folder, 'model'));
  writeFileSync(join(folder, 'model', 'config.json'), '{}');
  const { id: modelId } = await models.add(join(folder, 'model'));
  const selection = { labels: 'people-then-imported', sourceIds: null } as const;
  const { id: runId } = await runs.start({ modelId, config: { ...DEFAULT_RUN, steps: 2 }, selection });
  await runs.wait(runId);
  compute.scores = [2, -3, 0.5, -1];
  const make = async (): Promise<Audit> => {
    for await (const frame of audit.make(runId)) if (frame.type === 'done') return frame.result;
    throw new Error('the audit ended without a word');
  };
  return { facet, audit, runId, path, compute, make };
}

it('lists labels by their margin, keeps the list, and says what was decided since', async () => {
  const { facet, audit, runId, path, make } = await audited();
  expect(await audit.stored(runId)).toBeNull();
  const found = await make();
  expect(found).toMatchObject({ runId, pairs: 4, contradicted: 2, folds: 5, leftOut: 0 });
  expect(found.rows.map(({ pairId, margin }) => [pairId, margin])).toEqual([
    [2, -3],
    [4, -1],
    [3, 0.5],
    [1, 2],
  ]);
  // σ(−3)
  expect(found.rows[0]?.probability).toBeCloseTo(0.0474, 4);
  expect(found.rows[0]).toMatchObject({ prompt: 'What of 2?', decided: false });
  const { label } = found.rows[0]!;
  expect(found.rows[0]?.now).toBe(label);
  expect(readdirSync(join(`${path}.files`, 'audits'))).toEqual([]);

  const ada = await labelAs(facet, 'Ada');
  const { pair, annotatorId } = await audit.item(ada.who, 2);
  expect(pair).toMatchObject({ pairId: 2, revealed: null });
  const other = otherReply(label);
  const request = {
    ...{ requestId: randomUUID(), annotatorId, pairId: 2, verdict: other },
    ...{ leftKey: pair.left.key, durationMs: 5 },
  } as const;
  await audit.decide(ada.who, request);
  await audit.decide(ada.who, request);
  expect((await audit.stored(runId))?.rows[0]).toMatchObject({ label, now: other, decided: true });
  // Nobody else had said anything: nothing was settled.
  expect(
    await facet.services.adjudication.queue(ada.who, { pairId: null, after: null, blind: false }),
  ).toMatchObject({
    open: 0,
    settled: 0,
  });
  await ada.undo();
  expect((await audit.stored(runId))?.rows[0]).toMatchObject({ label, now: label, decided: false });
});

it('settles a pair of which others say otherwise, and leaves out what is excluded', async () => {
  const { facet, audit, runId, make } = await audited();
  const [ada, bo] = [await labelAs(facet, 'Ada'), await labelAs(facet, 'Bo')];
  const said = (await make()).rows.find(({ pairId }) => pairId === 4)?.label ?? 'a';
  await bo.decide({ pairId: 4, verdict: said });
  const { pair, annotatorId } = await audit.item(ada.who, 4);
  const verdict = otherReply(said);
  await audit.decide(ada.who, {
    ...{ requestId: randomUUID(), annotatorId, pairId: 4, verdict, leftKey: pair.left.key, durationMs: null },
  });
  // One against one would be no label.
  expect((await audit.stored(runId))?.rows.find(({ pairId }) => pairId === 4)).toMatchObject({
    now: verdict,
  });
  await facet.services.library.change({ selection: { ids: [2] }, action: 'exclude' }, ada.who);
  expect((await audit.stored(runId))?.rows.map(({ pairId }) => pairId)).toEqual([4, 3, 1]);
});

it('says what is wrong: a run that is not there, a model that is gone, no label', async () => {
  const { facet, audit, compute, runId } = await audited();
  await expect(audit.stored(99)).rejects.toMatchObject({ failure: { code: 'runs.unknown' } });
  const { who } = await labelAs(facet, 'Ada');
  await expect(audit.item(who, 9999)).rejects.toMatchObject({ failure: { code: 'annotate.unknown-pair' } });
  compute.failing.set('audit', { code: 'audit.too-few-prompts', message: 'few' });
  const frames = audit.make(runId);
  await expect(frames.next()).rejects.toMatchObject({ failure: { code: 'audit.too-few-prompts' } });
});
