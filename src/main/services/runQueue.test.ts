import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { temporaryFolder } from '../data/testProject.ts';
import { facetOver, importAll } from '../testFacet.ts';
import { FakeCompute } from './fakeCompute.ts';

/** Each run waits after its first step until `letOn`. */
async function ready() {
  const folder = temporaryFolder();
  const compute = new FakeCompute();
  let letOn: () => void = () => undefined;
  const holdRuns = (): void => {
    compute.gate = new Promise((resolve) => {
      letOn = resolve;
    });
  };
  const facet = facetOver(folder, { compute });
  onTestFinished(async () => {
    letOn();
    await facet.dispose();
  });
  const { project, models, runs } = facet.services;
  const path = join(folder, 'pairs.facet');
  await project.create({ path, name: 'Pairs' });
  writeFileSync(
    join(folder, 'pairs.jsonl'),
    [0, 1, 2, 3]
      .map((at) => JSON.stringify({ prompt: `What of ${at}?`, chosen: `yes ${at}`, rejected: `no ${at}` }))
      .join('\n'),
  );
  await importAll(facet, join(folder, 'pairs.jsonl'));
  const addModel = async (name: string) => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'config.json'), '{}');
    return (await models.add(join(folder, name))).id;
  };
  const modelId = await addModel('model');
  const request = (name: string, model = modelId) => ({
    name,
    modelId: model,
    config: { ...DEFAULT_RUN, steps: 2 },
    selection: { labels: 'imported', sourceIds: null } as const,
  });
  const waiting = () => runs.queue.state().runs.map(({ name }) => name);
  const ended = () =>
    runs
      .list()
      .filter(({ state }) => state === 'finished')
      .map(({ name }) => name)
      .reverse();
  holdRuns();
  return {
    ...{ facet, folder, path, project, runs, request, waiting, ended, addModel, holdRuns },
    letOn: () => letOn(),
  };
}

it('starts at once where nothing trains, then one run after another in the order that was chosen', async () => {
  const { runs, request, waiting, ended, letOn } = await ready();
  expect(await runs.queue.add(request('one'))).toEqual({ runs: [], held: null });
  expect(runs.list()[0]).toMatchObject({ name: 'one', state: 'running' });
  for (const name of ['two', 'three', 'four']) await runs.queue.add(request(name));
  expect(waiting()).toEqual(['two', 'three', 'four']);
  const [two, three, four] = runs.queue.state().runs;
  await runs.queue.move(four?.id ?? 0, 0);
  expect(waiting()).toEqual(['four', 'two', 'three']);
  await runs.queue.remove(three?.id ?? 0);
  await expect(runs.queue.remove(three?.id ?? 0)).rejects.toMatchObject({
    failure: { code: 'runs.not-queued' },
  });
  expect(two?.failure).toBeNull();
  letOn();
  await expect.poll(ended, { timeout: 30_000 }).toEqual(['one', 'four', 'two']);
  expect(runs.queue.state()).toEqual({ runs: [], held: null });
});

it('is held by a pause until the run is resumed, or a person lets it go on', async () => {
  const { runs, request, waiting, ended, letOn } = await ready();
  const { id } = await runs.start(request('one'));
  await runs.queue.add(request('two'));
  await runs.pause(id);
  letOn();
  expect(await runs.wait(id)).toMatchObject({ state: 'paused' });
  expect(runs.queue.state()).toMatchObject({ runs: [{ name: 'two' }], held: 'paused' });
  await runs.queue.goOn();
  await expect.poll(ended, { timeout: 30_000 }).toEqual(['two']);
  expect(waiting()).toEqual([]);
});

it('is kept with the project, and waits for a person after it was opened', async () => {
  const { runs, project, path, request, ended, letOn } = await ready();
  await runs.start(request('one'));
  await runs.queue.add(request('two'));
  letOn();
  await project.close();
  await project.open(path);
  expect(runs.queue.state()).toMatchObject({ runs: [{ name: 'two' }], held: 'opened' });
  expect(runs.list().map(({ name }) => name)).toEqual(['one']);
  await runs.queue.goOn();
  await expect.poll(ended, { timeout: 30_000 }).toContain('two');
});

it('goes past a run that cannot start, says why, and tries it again when it is told to go on', async () => {
  const { folder, runs, request, waiting, ended, addModel, letOn } = await ready();
  const gone = await addModel('gone');
  await runs.start(request('one'));
  await runs.queue.add(request('two', gone));
  await runs.queue.add(request('three'));
  rmSync(join(folder, 'gone'), { recursive: true });
  letOn();
  await expect.poll(ended, { timeout: 30_000 }).toEqual(['one', 'three']);
  expect(runs.queue.state().runs).toMatchObject([{ name: 'two', failure: { code: 'models.gone' } }]);
  mkdirSync(join(folder, 'gone'));
  writeFileSync(join(folder, 'gone', 'config.json'), '{}');
  await runs.queue.goOn();
  await expect.poll(ended, { timeout: 30_000 }).toEqual(['one', 'three', 'two']);
  expect(waiting()).toEqual([]);
});

it('refuses what no run could be made of, and keeps nothing of it', async () => {
  const { runs, request, waiting } = await ready();
  await runs.start(request('one'));
  const none = { ...request('two'), selection: { labels: 'people', sourceIds: null } as const };
  await expect(runs.queue.add(none)).rejects.toMatchObject({ failure: { code: 'runs.no-pairs' } });
  expect(waiting()).toEqual([]);
});
