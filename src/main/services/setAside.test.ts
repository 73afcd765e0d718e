import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PreferencePair } from '#core/preference.ts';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { facetOver, importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';
import { FakeCompute, readLines } from './fakeCompute.ts';

const everything = { text: '', sourceId: null, status: 'all' } as const;
const selection = { labels: 'people-then-imported', sourceIds: null } as const;

/** What earlier versions and other tools may have left in a project. */
const UNREADABLE = [
  ['[{"content":"a role that was dropped"}]', 'message 1 of its prompt has no role'],
  ['[{"role":"constructor","content":"x"}]', 'message 1 of its prompt has an unknown role, "constructor"'],
  ['[{"role":"user","content":7}]', 'message 1 of its prompt has no text'],
  ['[null]', 'message 1 of its prompt has no role'],
  ['[]', 'its prompt is not a list of messages'],
  ['{half', 'its prompt is not JSON'],
] as const;

/** Ten pairs, of which those of `UNREADABLE` were damaged behind the workbench's back. */
async function damaged() {
  const compute = new FakeCompute();
  const { facet, folder, path } = await openFacet({ compute });
  const file = join(folder, 'pairs.jsonl');
  const rows = Array.from({ length: 10 }, (_, index) => ({
    prompt: `Question ${index}`,
    chosen: `yes ${index}`,
    rejected: `no ${index}`,
  }));
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  await importAll(facet, file);
  await facet.services.project.close();
  const database = new Sqlite(path);
  for (const [index, [messages]] of UNREADABLE.entries()) {
    database.prepare('UPDATE stored_prompts SET messages = ? WHERE id = ?').run(messages, index + 2);
  }
  database.close();
  await facet.services.project.open(path);
  return { facet, compute, folder, path, ada: await labelAs(facet), ...facet.services };
}

describe('pairs that cannot be read', () => {
  it('are set aside by the queue, which goes on with the rest, and are listed with their reasons', async () => {
    const { ada, library } = await damaged();
    const queue = await ada.queue();
    expect(queue.items.map(({ pairId }) => pairId)).toEqual([1, 8, 9, 10]);
    expect(queue).toMatchObject({ total: 4, remaining: 4, setAside: UNREADABLE.length });
    expect(library.setAside().map(({ pairId, reason, row }) => [pairId, reason, row])).toEqual(
      UNREADABLE.map(([, reason], index) => [index + 2, reason, index + 2]),
    );
    expect(await library.count(everything)).toBe(4);
    await expect(ada.queue(2)).rejects.toMatchObject({ failure: { code: 'pairs.unreadable' } });
  });

  it('can be removed from the list, and one that can be read again comes back', async () => {
    const { ada, library, project, path } = await damaged();
    await ada.queue();
    await library.removeSetAside([2, 3]);
    expect(library.setAside().map(({ pairId }) => pairId)).toEqual([4, 5, 6, 7]);
    expect((await ada.queue()).setAside).toBe(4);
    await project.close();
    const database = new Sqlite(path);
    database
      .prepare('UPDATE stored_prompts SET messages = ? WHERE id IN (2, 4)')
      .run('[{"role":"user","content":"mended"}]');
    database.close();
    await project.open(path);
    expect(library.setAside().map(({ pairId }) => pairId)).toEqual([5, 6, 7]);
    expect((await ada.queue()).items.map(({ pairId }) => pairId)).toEqual([1, 4, 8, 9, 10]);
  });

  it('are left out of training and estimates, which say how many they have read', async () => {
    const { runs, models, compute, folder, path, library } = await damaged();
    const modelDir = join(folder, 'tiny');
    mkdirSync(modelDir);
    writeFileSync(join(modelDir, 'config.json'), '{}');
    const { id: modelId } = await models.add(modelDir);
    const request = { modelId, config: { ...DEFAULT_RUN, steps: 1 }, selection };
    await runs.estimate(request);
    expect(compute.jobs.at(-1)?.kind).toBe('estimate');
    expect(library.setAside()).toHaveLength(UNREADABLE.length);
    expect(runs.countPairs(selection)).toEqual({
      pairs: 4,
      prompts: 4,
      singles: 0,
      setAside: UNREADABLE.length,
    });
    const started = await runs.start(request);
    expect(await runs.wait(started.id)).toMatchObject({ state: 'finished', pairs: 4 });
    const dataset = join(`${path}.files`, 'runs', String(started.id), 'dataset.jsonl');
    expect(readLines<PreferencePair>(dataset).map(({ id }) => id)).toEqual(['1', '8', '9', '10']);
  });

  it('do not take an undo with them', async () => {
    const { facet, ada, project, path } = await damaged();
    for (const pairId of [1, 8]) await ada.decide({ pairId, verdict: 'a' });
    await project.close();
    const database = new Sqlite(path);
    database.prepare('UPDATE stored_prompts SET messages = ? WHERE id = 8').run('{half');
    database.close();
    const again = facetOver(join(path, '..'));
    await facet.dispose();
    onTestFinished(() => again.dispose());
    await again.services.project.open(path);
    const later = await labelAs(again);
    await later.queue(8).catch(() => undefined);
    expect((await later.queue()).items[0]?.pairId).toBe(9);
    const undone = await later.undo();
    expect(undone.items[0]?.pairId).toBe(9);
    expect(undone).toMatchObject({ decided: 1, undo: { pairId: 1 }, redo: { pairId: 8 } });
    expect((await later.undo()).items[0]).toMatchObject({ pairId: 1, verdict: null });
  });
});
