import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { FakeCompute } from './fakeCompute.ts';

it('writes every step of a run in each format, and replaces nothing', async () => {
  const { facet, folder } = await openFacet({ compute: new FakeCompute() });
  const { models, runs } = facet.services;
  const file = join(folder, 'pairs.jsonl');
  writeFileSync(file, JSON.stringify({ prompt: 'Rain?', chosen: 'yes', rejected: 'no' }));
  await importAll(facet, file);
  mkdirSync(join(folder, 'model'));
  writeFileSync(join(folder, 'model', 'config.json'), '{}');
  const { id: modelId } = await models.add(join(folder, 'model'));
  const selection = { labels: 'imported', sourceIds: null } as const;
  const { id } = await runs.start({
    name: 'A / b',
    modelId,
    config: { ...DEFAULT_RUN, steps: 2 },
    selection,
  });
  const { startedAt } = await runs.wait(id);
  const saved = async (format: 'csv' | 'json' | 'jsonl' | 'tensorboard') => {
    const { path, entries } = await runs.saveFigures({ runId: id, format, parent: folder });
    expect(entries).toBe(2);
    return { name: path.slice(folder.length + 1), bytes: readFileSync(path) };
  };
  const csv = await saved('csv');
  expect(csv.name).toBe('A-b-figures.csv');
  const [head, ...rows] = csv.bytes.toString().trim().split('\r\n');
  expect(head).toMatch(/^step,.*loss,.*grad_norm/);
  expect(rows.map((row) => row.split(',')[0])).toEqual(['1', '2']);
  const { log_history: history, run } = JSON.parse((await saved('json')).bytes.toString());
  expect(run).toEqual({ id, name: 'A / b' });
  expect(history.map((entry: { step: number }) => entry.step)).toEqual([1, 2]);
  expect(history[0].loss).toBe(0.69);
  const lines = (await saved('jsonl')).bytes.toString().trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(history);
  const events = await saved('tensorboard');
  expect(events.name).toBe(`events.out.tfevents.${Math.floor(Date.parse(startedAt) / 1000)}.A-b`);
  expect(events.bytes.includes('train/rewards/margins')).toBe(true);
  await expect(runs.saveFigures({ runId: id, format: 'csv', parent: folder })).rejects.toThrow(
    'already exists',
  );
});
