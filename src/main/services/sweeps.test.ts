import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { evaluationFrame } from '#core/testFrames.ts';
import { temporaryFolder } from '../data/testProject.ts';
import { facetOver, importAll } from '../testFacet.ts';
import { FakeCompute } from './fakeCompute.ts';

/** Each run waits after its first step until `letOn`. */
async function ready() {
  const folder = temporaryFolder();
  const compute = new FakeCompute();
  let letOn: () => void = () => undefined;
  compute.gate = new Promise((resolve) => {
    letOn = resolve;
  });
  const facet = facetOver(folder, { compute });
  onTestFinished(async () => {
    letOn();
    await facet.dispose();
  });
  const { project, models, runs, sweeps } = facet.services;
  const path = join(folder, 'pairs.facet');
  await project.create({ path, name: 'Pairs' });
  const rows = [0, 1, 2, 3].map((at) => ({
    prompt: `What of ${at}?`,
    chosen: `yes ${at}`,
    rejected: `no ${at}`,
  }));
  writeFileSync(join(folder, 'pairs.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  await importAll(facet, join(folder, 'pairs.jsonl'));
  mkdirSync(join(folder, 'model'));
  writeFileSync(join(folder, 'model', 'config.json'), '{}');
  const { id: modelId } = await models.add(join(folder, 'model'));
  const request = {
    modelId,
    config: { ...DEFAULT_RUN, steps: 2 },
    selection: { labels: 'imported', sourceIds: null } as const,
    axes: [{ field: 'beta', values: [0.1, 0.2] }],
    seeds: [1, 2],
  };
  const waiting = () => runs.queue.state().runs.map(({ name }) => name);
  const states = () => sweeps.table(1).rows.map(({ state }) => state);
  return { compute, facet, path, project, runs, sweeps, request, waiting, states, letOn: () => letOn() };
}

it('is a group of runs that begin one after another, each with its values', async () => {
  const { compute, runs, sweeps, request, waiting, letOn } = await ready();
  compute.heldOut = ({ beta }) => [
    evaluationFrame({ step: 1, loss: 0.5, accuracy: beta, causalRecovery: null, codesInUse: 3 }),
    evaluationFrame({ step: 2, loss: 0.6, accuracy: 0.9, causalRecovery: 0.25, codesInUse: 4 }),
  ];
  const started = await sweeps.start(request);
  expect(started).toMatchObject({ id: 1, name: 'Sweep 1', runIds: [1], waiting: 3, paused: false });
  expect(waiting()).toEqual([
    'Sweep 1: beta 0.1, seed 2',
    'Sweep 1: beta 0.2, seed 1',
    'Sweep 1: beta 0.2, seed 2',
  ]);
  letOn();
  await expect.poll(() => sweeps.list()[0]?.waiting).toBe(0);
  for (const { id } of runs.list()) await runs.wait(id);
  expect(sweeps.list()[0]?.runIds).toEqual([1, 2, 3, 4]);
  const { rows, bestBy } = sweeps.table(1);
  expect(bestBy).toBe('loss');
  expect(rows.map(({ values, seed, state }) => [values, seed, state])).toEqual([
    [[0.1], 1, 'finished'],
    [[0.1], 2, 'finished'],
    [[0.2], 1, 'finished'],
    [[0.2], 2, 'finished'],
  ]);
  expect(runs.list().map(({ config }) => [config.beta, config.seed])).toEqual([
    [0.2, 2],
    [0.2, 1],
    [0.1, 2],
    [0.1, 1],
  ]);
  // Of the best evaluation by the run's rule, the lowest loss; recovery is measured at the end alone.
  expect(rows[0]).toMatchObject({
    figures: { step: 1, loss: 0.5, accuracy: 0.1, codesInUse: 3 },
    causalRecovery: 0.25,
  });
});

it('stores nothing of a sweep of which one value cannot be', async () => {
  const { sweeps, request, waiting } = await ready();
  const axes = [{ field: 'beta', values: [0.1, -1] }];
  await expect(sweeps.start({ ...request, axes })).rejects.toThrow('beta -1: More than 0, please.');
  expect([sweeps.list(), waiting()]).toEqual([[], []]);
});

it('is cancelled as a whole: what waits leaves the queue, the run that trains ends, others stay', async () => {
  const { runs, sweeps, request, waiting, states, letOn } = await ready();
  await sweeps.start(request);
  const { axes: _, seeds: __, ...single } = request;
  await runs.queue.add({ ...single, name: 'Alone' });
  expect(await sweeps.cancel(1)).toMatchObject({ waiting: 0, cancelled: true });
  expect(waiting()).toEqual(['Alone']);
  letOn();
  await runs.wait(1);
  expect(states()).toEqual(['stopped']);
  await expect.poll(() => runs.list()[0]?.name).toBe('Alone');
});

it('is paused as a whole, passed over by the queue, and goes on where it was', async () => {
  const { runs, sweeps, request, states, letOn } = await ready();
  await sweeps.start(request);
  await sweeps.pause(1);
  letOn();
  await runs.wait(1);
  await runs.queue.goOn();
  expect(states()).toEqual(['paused', 'waiting', 'waiting', 'waiting']);
  const { axes: _, seeds: __, ...single } = request;
  await runs.queue.add({ ...single, name: 'Alone' });
  await expect.poll(() => runs.list()[0]?.name).toBe('Alone');
  await runs.wait(2);
  await sweeps.goOn(1);
  await expect.poll(() => states()).toEqual(['finished', 'finished', 'finished', 'finished']);
});

it('is there after a restart, with what still waits', async () => {
  const { path, project, runs, sweeps, request, states, letOn } = await ready();
  await sweeps.start(request);
  const closed = project.close();
  letOn();
  await closed;
  await project.open(path);
  expect(sweeps.list()).toMatchObject([{ id: 1, name: 'Sweep 1', runIds: [1], waiting: 3 }]);
  expect(states().slice(1)).toEqual(['waiting', 'waiting', 'waiting']);
  await sweeps.goOn(1);
  await expect.poll(() => states()).toEqual(['finished', 'finished', 'finished', 'finished']);
  expect(runs.list()).toHaveLength(4);
});

it('goes on after a kill with the cell that had no checkpoint yet, even before its pairs were written', async () => {
  const { path, project, runs, sweeps, request, states, letOn } = await ready();
  await sweeps.start({ ...request, axes: [{ field: 'beta', values: [0.1] }] });
  const closed = project.close();
  letOn();
  await closed;
  const database = new Sqlite(path);
  database.exec(
    "DELETE FROM checkpoints; UPDATE runs SET state = 'running', ended_at = NULL, dataset_sha256 = NULL",
  );
  database.close();
  rmSync(join(`${path}.files`, 'runs'), { recursive: true, force: true });
  await project.open(path);
  expect(states()).toEqual(['stopped', 'waiting']);
  expect(runs.get(1)).toMatchObject({
    checkpointStep: null,
    resumable: true,
    failure: { code: 'runs.interrupted', fix: expect.stringContaining('begins anew') },
  });
  await sweeps.goOn(1);
  await expect.poll(() => states()).toEqual(['finished', 'finished']);
  expect(sweeps.list()[0]?.runIds).toEqual([1, 2]);
});

it('leaves out runs that were deleted', async () => {
  const { runs, sweeps, request, letOn } = await ready();
  await sweeps.start({ ...request, axes: [{ field: 'beta', values: [0.1] }] });
  letOn();
  await expect.poll(() => sweeps.list()[0]?.waiting).toBe(0);
  for (const { id } of runs.list()) await runs.wait(id);
  await runs.remove(1);
  expect(sweeps.table(1).rows.map(({ runId }) => runId)).toEqual([2]);
});
