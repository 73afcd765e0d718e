import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { temporaryFolder } from '../data/testProject.ts';
import { facetOver, importAll } from '../testFacet.ts';
import { FakeCompute } from './fakeCompute.ts';

async function twoRuns() {
  const folder = temporaryFolder();
  const compute = new FakeCompute();
  const facet = facetOver(folder, { compute });
  onTestFinished(() => facet.dispose());
  const { project, models, runs, codes } = facet.services;
  const path = join(folder, 'pairs.facet');
  await project.create({ path, name: 'Pairs' });
  const rows = [0, 1, 2, 3].map((index) =>
    JSON.stringify({ prompt: `What of ${index}?`, chosen: `yes ${index}`, rejected: `no ${index}` }),
  );
  writeFileSync(join(folder, 'pairs.jsonl'), rows.join('\n'));
  await importAll(facet, join(folder, 'pairs.jsonl'));
  mkdirSync(join(folder, 'model'));
  writeFileSync(join(folder, 'model', 'config.json'), '{}');
  const { id: modelId } = await models.add(join(folder, 'model'));
  const request = {
    modelId,
    config: { ...DEFAULT_RUN, steps: 2 },
    selection: { labels: 'imported', sourceIds: null } as const,
  };
  for (const _ of [1, 2]) await runs.wait((await runs.start(request)).id);
  return { facet, compute, folder, path, project, runs, codes, request };
}

it('keeps the name and note that a person gives a run', async () => {
  const { runs, project, path } = await twoRuns();
  await runs.edit({ runId: 1, name: 'Baseline', note: 'Before the new labels.' });
  await project.close();
  await project.open(path);
  expect(runs.get(1)).toMatchObject({ name: 'Baseline', note: 'Before the new labels.' });
});

it('takes a deleted run off the list, brings it back whole, and lets it go at the next opening', async () => {
  const { runs, codes, project, path } = await twoRuns();
  const files = join(`${path}.files`, 'runs', '1');
  await runs.remove(1);
  expect(runs.list().map(({ id }) => id)).toEqual([2]);
  expect(project.current()?.counts.runs).toBe(1);
  await runs.restore(1);
  expect(runs.list().map(({ id }) => id)).toEqual([2, 1]);
  expect(await codes.overview({ runId: 1 })).toMatchObject({ prompts: 4 });
  await runs.remove(1);
  await project.close();
  expect(existsSync(files)).toBe(true);
  await project.open(path);
  await expect.poll(() => existsSync(files)).toBe(false);
  expect(runs.list().map(({ id }) => id)).toEqual([2]);
  expect(await codes.overview({ runId: 2 })).toMatchObject({ prompts: 4 });
});

it('does not delete a run that is at work', async () => {
  const { runs, compute, request } = await twoRuns();
  let letOn: () => void = () => undefined;
  compute.gate = new Promise((resolve) => {
    letOn = resolve;
  });
  const { id } = await runs.start(request);
  await expect(runs.remove(id)).rejects.toMatchObject({ failure: { code: 'runs.at-work' } });
  letOn();
  await runs.wait(id);
});

it('gives a code a name and a note, and shows what stands for it', async () => {
  const { codes } = await twoRuns();
  expect(await codes.rename(2, { code: 0, name: 'Polite', note: 'Look again.' })).toEqual([
    { code: 0, name: 'Polite', note: 'Look again.' },
  ]);
  expect(codes.names(1)).toEqual([]);
  // Prompts 2 and 4 fire code 0, 1 and 3 code 2.
  expect(await codes.select({ runId: 2 }, { codes: [0] })).toEqual({ pairs: 2, prompts: 2, pairIds: [2, 4] });
  const page = await codes.page({ runId: 2 }, 0);
  expect(page).toMatchObject({ prompts: 2, pairs: 2, labelled: 2, chosenWords: [], aspects: [] });
  expect(page.random.map(({ promptId }) => promptId).sort()).toEqual([2, 4]);
  expect(page.top[0]).toMatchObject({ promptId: 2, text: 'What of 1?' });
  await expect(codes.page({ runId: 2 }, 7)).rejects.toThrow('no code 7');
});
