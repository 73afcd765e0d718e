import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { PreferencePair } from '#core/preference.ts';
import { DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { FakeCompute, readLines } from './fakeCompute.ts';

const everything = { labels: 'people-then-imported', sourceIds: null } as const;
const KTO: RunConfig = { ...DEFAULT_RUN, objective: 'kto', latent: null, trainable: 'lora', steps: 1 };

async function ready(rows: readonly object[]) {
  const compute = new FakeCompute();
  const { facet, folder, path } = await openFacet({ compute });
  const file = join(folder, 'rows.jsonl');
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  await importAll(facet, file);
  const modelDir = join(folder, 'tiny');
  mkdirSync(modelDir);
  writeFileSync(join(modelDir, 'config.json'), '{}');
  const { id: modelId } = await facet.services.models.add(modelDir);
  const datasetOf = (runId: number): PreferencePair[] =>
    readLines(join(`${path}.files`, 'runs', String(runId), 'dataset.jsonl'));
  return { ...facet.services, modelId, datasetOf };
}

const PAIR = { prompt: 'Sky?', chosen: 'Blue.', rejected: 'Green.' };
const SINGLES = [
  { prompt: 'Grass?', completion: 'Green.', label: true },
  { prompt: 'Grass?', completion: 'Blue.', label: false },
  { prompt: 'Snow?', completion: 'White.', label: true },
];

it('KTO trains on replies with a label of their own beside the pairs, each on its side', async () => {
  const { runs, modelId, datasetOf } = await ready([PAIR, ...SINGLES]);
  expect(runs.countPairs(everything)).toEqual({ pairs: 1, prompts: 1, singles: 3, setAside: 0 });
  const started = await runs.start({ modelId, config: KTO, selection: everything });
  expect(await runs.wait(started.id)).toMatchObject({ state: 'finished', pairs: 4 });
  const rows = datasetOf(started.id);
  expect(rows.map(({ chosen, rejected, single }) => [chosen, rejected, single])).toEqual([
    ['Blue.', 'Green.', undefined],
    ['Green.', '', 'chosen'],
    ['', 'Blue.', 'rejected'],
    ['White.', '', 'chosen'],
  ]);
  // Replies to one question share a prompt, which is none of a pair's.
  expect(rows[1]?.promptId).toBe(rows[2]?.promptId);
  expect(new Set(rows.map(({ promptId }) => promptId)).size).toBe(3);
});

it('another objective reads the pairs alone, and people’s verdicts alone leave files’ labels out', async () => {
  const { runs, modelId, datasetOf } = await ready([PAIR, ...SINGLES]);
  const { id } = await runs.start({ modelId, config: { ...KTO, objective: 'dpo' }, selection: everything });
  await runs.wait(id);
  expect(datasetOf(id)).toHaveLength(1);
  expect(runs.countPairs({ labels: 'people', sourceIds: null })).toMatchObject({ pairs: 0, singles: 0 });
});

it('single labels alone are enough for KTO, and for no other', async () => {
  const { runs, modelId, datasetOf } = await ready(SINGLES);
  const { id } = await runs.start({ modelId, config: KTO, selection: everything });
  expect(await runs.wait(id)).toMatchObject({ pairs: 3 });
  expect(datasetOf(id)).toHaveLength(3);
  const dpo = { modelId, config: { ...KTO, objective: 'dpo' }, selection: everything } as const;
  await expect(runs.start(dpo)).rejects.toMatchObject({ failure: { code: 'runs.no-pairs' } });
});
