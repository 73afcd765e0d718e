/** Codes and margins of every checkpoint that a run keeps, whichever way the run ended. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { temporaryFolder } from '../data/testProject.ts';
import { facetOver, importAll } from '../testFacet.ts';
import { FakeCompute } from './fakeCompute.ts';

const PAIRS = 6;

async function ready({ steps = 3, bestAt = null as number | null } = {}) {
  const folder = temporaryFolder();
  const compute = new FakeCompute();
  compute.bestAt = bestAt;
  const facet = facetOver(folder, { compute, readsOnOpen: true });
  onTestFinished(() => facet.dispose());
  const { project, models, runs, codes, library } = facet.services;
  const path = join(folder, 'pairs.facet');
  await project.create({ path, name: 'Pairs' });
  const file = join(folder, 'pairs.jsonl');
  const rows = Array.from({ length: PAIRS }, (_, index) => ({
    prompt: `What of ${index}?`,
    chosen: `yes ${index}`,
    rejected: `no ${index}`,
    source: 'sky',
  }));
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  await importAll(facet, file);
  mkdirSync(join(folder, 'model'));
  writeFileSync(join(folder, 'model', 'config.json'), '{}');
  const { id: modelId } = await models.add(join(folder, 'model'));
  const request = {
    modelId,
    config: { ...DEFAULT_RUN, steps },
    selection: { labels: 'imported', sourceIds: null } as const,
  };
  return { compute, facet, folder, path, project, runs, codes, library, request };
}

const held = (compute: FakeCompute): (() => void) => {
  let letOn: () => void = () => undefined;
  compute.gate = new Promise((resolve) => {
    letOn = resolve;
  });
  return letOn;
};

it('are stored for the best checkpoint as for the last, each by itself', async () => {
  const { compute, runs, codes, request } = await ready({ bestAt: 2 });
  const { id } = await runs.start(request);
  expect(await runs.wait(id)).toMatchObject({ state: 'finished', codesSteps: [2, 3], codesStep: 3 });
  const jobs = compute.jobs.flatMap((job) => (job.kind === 'codes' ? [job.checkpointDir] : []));
  expect(jobs.map((path) => path.split('/').at(-1)).sort()).toEqual(['best-2', 'last-3']);
  expect(await codes.overview({ runId: id, step: 2 })).toMatchObject({ step: 2, prompts: PAIRS });
  expect(await codes.overview({ runId: id })).toMatchObject({ step: 3 });
  await expect(codes.overview({ runId: id, step: 1 })).rejects.toThrow(
    'The codes of Run 1 at step 1 are not stored',
  );
});

it.each(['pause', 'stop'] as const)('are read after a %s', async (ask) => {
  const { compute, runs, request } = await ready({ steps: 4 });
  const letOn = held(compute);
  const { id } = await runs.start(request);
  await runs[ask](id);
  letOn();
  expect(await runs.wait(id)).toMatchObject({ step: 1, codesSteps: [1] });
});

it('are read of the checkpoint that a run kept before it failed', async () => {
  const { compute, runs, request } = await ready({ bestAt: 2 });
  compute.failing.set('train', { code: 'compute.worker-died', message: 'The compute process ended.' });
  const { id } = await runs.start(request);
  expect(await runs.wait(id)).toMatchObject({ state: 'failed', codesSteps: [2] });
});

it('are read at the next start where the project was closed before', async () => {
  const { compute, facet, folder, path, project, runs, request } = await ready({ steps: 4 });
  const letOn = held(compute);
  const { id } = await runs.start(request);
  const closed = project.close();
  // The run has been asked to stop by then.
  await new Promise((resolve) => setImmediate(resolve));
  letOn();
  await closed;
  expect(compute.jobs.map(({ kind }) => kind)).not.toContain('codes');
  await facet.dispose();
  const again = facetOver(folder, {
    compute: new FakeCompute(),
    userDataDir: join(folder, 'other'),
    readsOnOpen: true,
  });
  onTestFinished(() => again.dispose());
  await again.services.project.open(path);
  expect(await again.services.runs.wait(id)).toMatchObject({ state: 'stopped', codesSteps: [1] });
});

it('of a run that goes on are those of its new checkpoint alone', async () => {
  const { compute, runs, request } = await ready({ steps: 4 });
  const letOn = held(compute);
  const { id } = await runs.start(request);
  await runs.pause(id);
  letOn();
  await runs.wait(id);
  await runs.resume(id);
  expect(await runs.wait(id)).toMatchObject({ state: 'finished', codesSteps: [4] });
});

it('are shown in the table for the run that a person chose, not for the one that ended last', async () => {
  const { compute, runs, library, project, request } = await ready({ bestAt: 2 });
  await project.updateSettings({ blind: false });
  const everything = { text: '', sourceId: null, status: 'all' } as const;
  const shown = async () =>
    (await library.rows(everything, 0, PAIRS)).map(({ code, margin }) => [code, margin]).slice(0, 2);
  const first = await runs.start(request);
  await runs.wait(first.id);
  // The only run with figures: nobody could mean another.
  expect(library.figures().shown).toEqual({ runId: first.id, run: 'Run 1', step: 3 });
  expect(await shown()).toEqual([
    [2, 1.5],
    [0, 1.5],
  ]);
  await library.showFigures({ runId: first.id, kind: 'best' });
  compute.oddWeights = [0.1, 0.8, 0.1];
  compute.margin = -2;
  const second = await runs.start(request);
  await runs.wait(second.id);
  expect(library.figures().shown).toEqual({ runId: first.id, run: 'Run 1', step: 2 });
  expect((await shown())[0]).toEqual([2, 1.5]);
  expect(library.figures().choices.map(({ run, kind, step }) => [run, kind, step])).toEqual([
    ['Run 2', 'best', 2],
    ['Run 2', 'last', 3],
    ['Run 1', 'best', 2],
    ['Run 1', 'last', 3],
  ]);
  await library.showFigures({ runId: second.id, kind: 'last' });
  expect((await shown())[0]).toEqual([1, -2]);
  await expect(library.showFigures({ runId: 9, kind: 'last' })).rejects.toMatchObject({
    failure: { code: 'runs.unknown' },
  });
});

it('are nobody’s while several runs have some and none was chosen', async () => {
  const { runs, library, request } = await ready();
  for (const _ of [1, 2]) await runs.wait((await runs.start(request)).id);
  expect(library.figures().shown).toBeNull();
});

it('whose reading somebody cancels are not read again by themselves', async () => {
  const { compute, facet, runs, request } = await ready();
  compute.codesGate = new Promise(() => undefined);
  const { id } = await runs.start(request);
  await expect
    .poll(() => facet.services.work.list().map(({ title }) => title))
    .toContain('Codes of Run 1, step 3');
  facet.services.work.cancel(facet.services.work.list().find(({ about }) => about?.runId === id)!.id);
  expect(await runs.wait(id)).toMatchObject({ state: 'finished', codesSteps: [] });
  expect(compute.jobs.filter(({ kind }) => kind === 'codes')).toHaveLength(1);
});

it('leaves the choice between them wherever a checkpoint is used', async () => {
  const { compute, facet, folder, runs, request } = await ready({ bestAt: 2 });
  const { playground, data } = facet.services;
  const { id } = await runs.start(request);
  await runs.wait(id);
  const used = () => {
    const job = compute.jobs.at(-1);
    return job && 'checkpointDir' in job ? job.checkpointDir?.split('/').at(-1) : undefined;
  };
  const policy = (checkpoint?: 'best' | 'last') =>
    playground.policy({ modelId: request.modelId, runId: id, checkpoint }).checkpointDir?.split('/').at(-1);
  expect([policy(), policy('last'), policy('best')]).toEqual(['last-3', 'last-3', 'best-2']);
  const to = { runId: id, format: 'codebook', parent: folder } as const;
  const exported = await runs.export({ ...to, checkpoint: 'best' });
  expect([exported.folder, used()]).toEqual([join(folder, 'Run-1-codebook-best'), 'best-2']);
  const card = compute.jobs.findLast((job) => job.kind === 'export')?.modelCard;
  expect(card).toContain('The weights are those of the checkpoint of step 2, the best: lowest held-out');
  await runs.export(to);
  expect(used()).toBe('last-3');
  const compared = async (ask: { checkpoint?: 'best' | 'last'; otherCheckpoint?: 'best' | 'last' }) => {
    for await (const frame of data.compare({ runId: id, otherId: id, ...ask }))
      if (frame.type === 'done') return [frame.result.step, frame.result.otherStep];
    return null;
  };
  expect(await compared({})).toEqual([3, 3]);
  expect(await compared({ checkpoint: 'best', otherCheckpoint: 'last' })).toEqual([2, 3]);
});

it.each([
  ['loss', 'lowest held-out preference loss'],
  ['accuracy', 'highest held-out accuracy'],
] as const)('says by which rule of its own, the %s, a run kept its best', async (bestBy, rule) => {
  const { compute, facet, folder, runs, request } = await ready({ bestAt: 2 });
  const config = { ...request.config, bestBy };
  const { id } = await runs.start({ ...request, config });
  await runs.wait(id);
  await runs.export({ runId: id, format: 'codebook', parent: folder, checkpoint: 'best' });
  const card = compute.jobs.findLast((job) => job.kind === 'export')?.modelCard;
  expect(card).toContain(`The weights are those of the checkpoint of step 2, the best: ${rule}.`);
  compute.bestAt = null;
  const { id: other } = await runs.start({ ...request, config });
  await runs.wait(other);
  expect(() =>
    facet.services.playground.policy({ modelId: request.modelId, runId: other, checkpoint: 'best' }),
  ).toThrow(`Run 2 has no best checkpoint, the one of the ${rule}`);
});

it('says of a run that was never evaluated that nothing is its best', async () => {
  const { facet, runs, request } = await ready();
  const { id } = await runs.start(request);
  await runs.wait(id);
  expect(() =>
    facet.services.playground.policy({ modelId: request.modelId, runId: id, checkpoint: 'best' }),
  ).toThrow('Run 1 has no best checkpoint, the one of the lowest held-out preference loss');
});
