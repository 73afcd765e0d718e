import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import type { Comparison } from '#shared/comparisonEntities.ts';
import { FakeCompute } from '../services/fakeCompute.ts';
import { importAll, openFacet } from '../testFacet.ts';

/** Two finished runs over six pairs of four prompts: pairs 1–3 share the first. */
async function twoRuns() {
  const { facet, folder, path } = await openFacet({ compute: new FakeCompute() });
  const prompts = ['Rain?', 'Rain?', 'Rain?', 'Sun?', 'Wind?', 'Snow?'];
  const rows = prompts.map((prompt, index) => ({ prompt, chosen: `yes ${index}`, rejected: `no ${index}` }));
  const file = join(folder, 'pairs.jsonl');
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  await importAll(facet, file);
  mkdirSync(join(folder, 'model'));
  writeFileSync(join(folder, 'model', 'config.json'), '{}');
  const { models, runs, data } = facet.services;
  const { id: modelId } = await models.add(join(folder, 'model'));
  const selection = { labels: 'imported', sourceIds: null } as const;
  for (const name of ['Own', 'Others']) {
    const { id } = await runs.start({ name, modelId, config: { ...DEFAULT_RUN, steps: 1 }, selection });
    await runs.wait(id);
  }
  const database = new Sqlite(path);
  onTestFinished(() => {
    database.close();
  });
  const put = (runId: number, margins: Readonly<Record<number, number>>) => {
    const kept = Object.keys(margins).join();
    database.exec(`DELETE FROM pair_results WHERE run_id = ${runId} AND pair_id NOT IN (${kept})`);
    for (const [pairId, margin] of Object.entries(margins))
      database
        .prepare('UPDATE pair_results SET margin = ? WHERE run_id = ? AND pair_id = ?')
        .run(margin, runId, pairId);
    database.exec(`UPDATE checkpoint_figures SET pairs = (SELECT count(*) FROM pair_results
      WHERE run_id = checkpoint_figures.run_id AND step = checkpoint_figures.step)`);
  };
  const compared = async (runId = 1, otherId = 2): Promise<Comparison> => {
    for await (const frame of data.compare({ runId, otherId })) {
      if (frame.type === 'done') return frame.result;
    }
    throw new Error('no result');
  };
  return { facet, path, put, compared };
}

it('compares on the pairs held out from both, with prompts drawn whole', async () => {
  const { put, compared } = await twoRuns();
  // On the first prompt the one is right three times and the other never; on the second both are.
  put(1, { 1: 1, 2: 2, 3: 3, 4: 1, 5: -1 });
  put(2, { 1: -1, 2: -1, 3: -4, 4: 1, 6: 1 });
  const { accuracy, ...counts } = await compared();
  expect(counts).toMatchObject({ pairs: 4, prompts: 2, relabelled: 0, onlyOwn: 1, onlyOthers: 1 });
  // Of two prompts one alone is drawn in a quarter of the samples: the ends are theirs.
  expect(accuracy).toEqual({
    own: { value: 1, low: 1, high: 1 },
    others: { value: 0.25, low: 0, high: 1 },
    difference: { value: 0.75, low: 0, high: 1 },
  });
  expect(counts.disagreements).toMatchObject({ ownRight: 3, othersRight: 0 });
  expect(counts.disagreements.pairs.map(({ pairId }) => pairId)).toEqual([3, 2, 1]);
  expect(counts.disagreements.pairs[0]).toEqual({
    pairId: 3,
    prompt: 'Rain?',
    chosen: 'yes 2',
    rejected: 'no 2',
    own: 3,
    others: -4,
  });
});

it('leaves out a pair that the runs were given with different labels', async () => {
  const { path, put, compared } = await twoRuns();
  put(1, { 1: 1, 4: 1 });
  put(2, { 1: 1, 4: -1 });
  const dataset = join(`${path}.files`, 'runs', '2', 'dataset.jsonl');
  const turned = readFileSync(dataset, 'utf8').replace(
    '"chosen":"yes 3","rejected":"no 3"',
    '"chosen":"no 3","rejected":"yes 3"',
  );
  writeFileSync(dataset, turned);
  // The same file by its hash: no label is looked at.
  expect(await compared()).toMatchObject({ pairs: 2, relabelled: 0 });
  const database = new Sqlite(path);
  database.exec("UPDATE runs SET dataset_sha256 = 'another' WHERE id = 2");
  database.close();
  expect(await compared()).toMatchObject({
    pairs: 1,
    relabelled: 1,
    accuracy: { difference: { value: 0, low: 0, high: 0 } },
    disagreements: { pairs: [] },
  });
});

it('says so where nothing is shared, or a run has no figures', async () => {
  const { facet, put, compared } = await twoRuns();
  put(1, { 1: 1 });
  put(2, { 4: 1 });
  expect(await compared()).toMatchObject({ pairs: 0, accuracy: null, onlyOwn: 1, onlyOthers: 1 });
  put(2, { 99: 1 });
  expect(() => facet.services.data.compare({ runId: 1, otherId: 2 })).toThrow(
    'Others has no figures of single held-out pairs.',
  );
});
