import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { STEP_PAIRS_FILE, type StepPairs } from '#core/stepPairs.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { FakeCompute } from './fakeCompute.ts';

it('lists the pairs of a step, and the held-out ones furthest wrong and right, as the run was given them', async () => {
  const { facet, folder, path } = await openFacet({ compute: new FakeCompute() });
  const { models, runs } = facet.services;
  const file = join(folder, 'pairs.jsonl');
  const row = (index: number) => ({
    prompt: `What of ${index}?`,
    chosen: `yes ${index}`,
    rejected: `no ${index}`,
  });
  writeFileSync(file, [1, 2, 3, 4].map((index) => JSON.stringify(row(index))).join('\n'));
  await importAll(facet, file);
  mkdirSync(join(folder, 'model'));
  writeFileSync(join(folder, 'model', 'config.json'), '{}');
  const { id: modelId } = await models.add(join(folder, 'model'));
  const selection = { labels: 'imported', sourceIds: null } as const;
  const { id } = await runs.start({ modelId, config: { ...DEFAULT_RUN, steps: 3 }, selection });
  await runs.wait(id);
  await expect(runs.stepPairs(id, 1)).rejects.toThrow('Run 1 kept no pairs of its steps');

  const step = (at: number, ids: string[], margins: number[]): StepPairs => ({
    step: at,
    pairIds: ids,
    margins,
    codes: margins.map(() => at),
    weights: margins.map(() => 0.5),
  });
  const kept = [step(1, ['4'], [0.1]), step(3, ['3', '1'], [-2, 0.5])];
  const log = join(`${path}.files`, 'runs', String(id), STEP_PAIRS_FILE);
  writeFileSync(log, kept.map((one) => `${JSON.stringify(one)}\n`).join(''));
  expect(await runs.stepPairs(id, 3)).toEqual({
    step: 3,
    total: 2,
    pairs: [
      { pairId: 3, ...row(3), margin: -2, code: 3, weight: 0.5 },
      { pairId: 1, ...row(1), margin: 0.5, code: 3, weight: 0.5 },
    ],
  });
  await expect(runs.stepPairs(id, 2)).rejects.toThrow('The pairs of step 2 of Run 1 were not kept');

  const database = new Sqlite(path);
  database.exec(`UPDATE pair_results SET margin = CASE pair_id WHEN 2 THEN -3 WHEN 4 THEN 5 ELSE 1 END`);
  database.close();
  const furthest = async (order: 'worst' | 'best') =>
    (await runs.heldOutPairs({ runId: id, order, limit: 2 })).pairs.map(({ pairId, margin, chosen }) => [
      pairId,
      margin,
      chosen,
    ]);
  expect(await furthest('worst')).toEqual([
    [2, -3, 'yes 2'],
    [1, 1, 'yes 1'],
  ]);
  expect(await furthest('best')).toEqual([
    [4, 5, 'yes 4'],
    [1, 1, 'yes 1'],
  ]);
});
