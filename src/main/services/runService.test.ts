import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { TrainJob } from '#core/jobs.ts';
import { shorterRows } from '#core/outOfMemory.ts';
import type { PreferencePair } from '#core/preference.ts';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { facetOver, importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';
import { FakeCompute, readLines, WORKER_DIED } from './fakeCompute.ts';

const everyPair = { labels: 'people-then-imported', sourceIds: null } as const;

async function ready(steps = 3) {
  const compute = new FakeCompute();
  const opened = await openFacet({ compute });
  const { facet, folder } = opened;
  const file = join(folder, 'pairs.jsonl');
  const rows = Array.from({ length: 6 }, (_, index) => ({
    prompt: `Question ${index}: ${index % 2 === 0 ? 'weather' : 'refund'}`,
    chosen: `yes ${index}`,
    rejected: `no ${index}`,
    source: index % 2 === 0 ? 'sky' : 'shop',
  }));
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  await importAll(facet, file);
  const modelDir = join(folder, 'tiny');
  mkdirSync(modelDir);
  writeFileSync(join(modelDir, 'config.json'), '{}');
  const { id: modelId } = await facet.services.models.add(modelDir);
  const request = { modelId, config: { ...DEFAULT_RUN, steps }, selection: everyPair };
  return { ...opened, ...facet.services, compute, request };
}

async function collect(frames: AsyncIterable<RunFrame>): Promise<RunFrame[]> {
  const all: RunFrame[] = [];
  for await (const frame of frames) all.push(frame);
  return all;
}
const fileHash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

describe('a run', () => {
  it('stores its dataset, frames, checkpoint, results and codes, and ends as finished', async () => {
    const { path, runs, codes, library, project, request } = await ready();
    const started = await runs.start(request);
    expect(started).toMatchObject({ name: 'Run 1', state: 'running', pairs: 6, codeVersion: 'test' });
    const [live, alsoLive] = await Promise.all([
      collect(runs.frames(started.id)),
      collect(runs.frames(started.id)),
    ]);
    const ended = await runs.wait(started.id);
    expect(ended).toMatchObject({ state: 'finished', step: 3, engine: 'onnx-cpu', failure: null });
    expect(live.filter(({ type }) => type === 'step')).toHaveLength(3);
    expect(alsoLive).toEqual(live);
    expect(await collect(runs.frames(started.id))).toEqual(live);

    const dataset = join(`${path}.files`, 'runs', String(started.id), 'dataset.jsonl');
    const [first] = readLines<PreferencePair>(dataset);
    expect(first).toMatchObject({ chosen: 'yes 0', rejected: 'no 0', source: 'sky', promptId: '1' });
    const database = new Sqlite(path, { readonly: true });
    onTestFinished(() => {
      database.close();
    });
    expect(database.prepare('SELECT dataset_sha256 FROM runs').pluck().get()).toBe(fileHash(dataset));
    expect(database.prepare('SELECT kind, path FROM checkpoints').all()).toEqual([
      { kind: 'last', path: join('checkpoints', 'last-3') },
    ]);

    await project.updateSettings({ blind: false });
    const rows = await library.rows({ text: '', sourceId: null, status: 'all' }, 0, 2);
    expect(rows.map(({ code, margin }) => [code, margin])).toEqual([
      [2, 1.5],
      [0, 1.5],
    ]);
    const overview = await codes.overview({ runId: started.id });
    expect(overview).toMatchObject({ codes: 3, prompts: 6, dead: 1, nmiSource: 1, warning: null });
    expect(overview.summaries[2]).toMatchObject({
      first: 3,
      sources: [{ source: 'sky' }, { source: 'shop' }],
    });
    expect(await codes.heatMap({ runId: started.id }, 'source')).toEqual({
      ...{ codes: 3, rows: 6, largest: Math.fround(0.9) },
      groups: [
        { name: 'shop', start: 0, rows: 3 },
        { name: 'sky', start: 3, rows: 3 },
      ],
    });
    // Rows are of prompts 2, 4, 6, 1, 3, 5: the second is by itself, then come one of each source.
    const lines = [
      { start: 1, rows: 1 },
      { start: 2, rows: 2 },
    ];
    const ask = { by: 'source', lines, promptId: 3 } as const;
    const drawn = await codes.heatLines({ runId: started.id }, ask);
    const means = Buffer.from(drawn.means, 'base64');
    for (const [at, mean] of [0.8, 0, 0.2, 0.45, 0, 0.55].entries())
      expect(means.readFloatLE(4 * at)).toBeCloseTo(mean, 6);
    const strongest = Buffer.from(drawn.promptIds, 'base64');
    expect([0, 2, 3, 5].map((at) => strongest.readUInt32LE(4 * at))).toEqual([4, 4, 6, 1]);
    expect(drawn.place).toBe(4);
    const beyond = { ...ask, lines: [{ start: 5, rows: 2 }] };
    await expect(codes.heatLines({ runId: started.id }, beyond)).rejects.toMatchObject({
      failure: { code: 'codes.no-such-rows' },
    });
    expect((await codes.topPrompts({ runId: started.id }, 0, 2)).map(({ promptId }) => promptId)).toEqual([
      2, 4,
    ]);
    expect(await codes.prompt({ runId: started.id }, 1)).toMatchObject({
      source: 'sky',
      messages: [{ role: 'user' }],
    });
    expect(await codes.probe({ runId: started.id }, 'Will it rain?')).toMatchObject({
      weights: [0.2, 0.3, 0.5],
    });
  });

  it("trains on people's labels where there are some", async () => {
    const { facet, runs, path, request } = await ready();
    const ada = await labelAs(facet);
    const { items } = await ada.queue(1);
    const wrong = [items[0]?.left, items[0]?.right].find((side) => side?.text === 'no 0');
    await ada.decide({ pairId: 1, verdict: wrong?.key ?? 'tie' });
    await ada.decide({ pairId: 2, verdict: 'tie' });
    expect(runs.countPairs(everyPair)).toMatchObject({ pairs: 5, prompts: 5 });
    expect(runs.countPairs({ labels: 'people', sourceIds: null })).toMatchObject({ pairs: 1, prompts: 1 });
    expect(runs.countPairs({ labels: 'imported', sourceIds: [2] })).toMatchObject({ pairs: 3, prompts: 3 });
    const { id } = await runs.start(request);
    await runs.wait(id);
    const rows = readLines<PreferencePair>(join(`${path}.files`, 'runs', String(id), 'dataset.jsonl'));
    expect(rows.map(({ chosen }) => chosen)).toEqual(['no 0', 'yes 2', 'yes 3', 'yes 4', 'yes 5']);
  });

  it('without memory is paused, and goes on with a smaller budget', async () => {
    const { runs, compute, request } = await ready();
    const { fix, suggestion } = shorterRows(512);
    compute.failing.set('train', { code: 'train.out-of-memory', message: 'No room.', fix, suggestion });
    const { id } = await runs.start(request);
    const paused = await runs.wait(id);
    expect(paused).toMatchObject({ state: 'paused', resumable: true, failure: { fix, suggestion } });
    expect(paused.failure?.message).toBe('No room. That was after step 3 of 3. No step was kept yet.');
    compute.failing.clear();
    await expect(runs.resume(id, request.config.tokenBudget)).rejects.toMatchObject({
      failure: { code: 'runs.not-smaller', where: { field: 'tokenBudget' } },
    });
    await runs.resume(id, 512);
    expect(await runs.wait(id)).toMatchObject({ state: 'finished', failure: null });
    const trained = compute.jobs.filter(({ kind }) => kind === 'train');
    expect(trained.map((job) => 'rowTokens' in job && job.rowTokens)).toEqual([false, 512]);
  });

  it('that loses its process is failed with the reason, and nothing of it is half stored', async () => {
    const { compute, path, runs, codes, request } = await ready();
    compute.failing.set('train', WORKER_DIED);
    const { id } = await runs.start(request);
    expect(await runs.wait(id)).toMatchObject({
      state: 'failed',
      step: 3,
      failure: { code: WORKER_DIED.code, fix: expect.stringContaining('nothing to go on from') },
    });
    const database = new Sqlite(path, { readonly: true });
    onTestFinished(() => {
      database.close();
    });
    for (const table of ['checkpoints', 'pair_results', 'code_activations']) {
      expect(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), table).toBe(0);
    }
    await expect(codes.overview({ runId: id })).rejects.toThrow('ended before its codes were stored');
    compute.failing.clear();
    const next = await runs.start(request);
    expect(await runs.wait(next.id)).toMatchObject({ state: 'finished', name: 'Run 2' });
  });

  it('keeps what it trained when its codes cannot be read', async () => {
    const { compute, runs, codes, request } = await ready();
    compute.failing.set('codes', WORKER_DIED);
    const { id } = await runs.start(request);
    expect(await runs.wait(id)).toMatchObject({ state: 'finished', failure: null });
    expect(await collect(runs.frames(id))).toContainEqual(
      expect.objectContaining({ type: 'warning', code: 'codes.not-stored' }),
    );
    expect(runs.get(id)).toMatchObject({ checkpointStep: 3, codesStep: null });
    compute.failing.clear();
    await collect(codes.read({ runId: id }));
    expect(runs.get(id)).toMatchObject({ codesStep: 3 });
    expect(await codes.overview({ runId: id })).toMatchObject({ codes: 3, prompts: 6 });
  });

  it('shows the codes of the checkpoint they were read by, whichever was looked at before', async () => {
    const { compute, runs, codes, request } = await ready(4);
    let letOn: () => void = () => undefined;
    compute.gate = new Promise((resolve) => {
      letOn = resolve;
    });
    const { id } = await runs.start(request);
    await runs.pause(id);
    await expect(collect(codes.read({ runId: id }))).rejects.toMatchObject({
      failure: { code: 'codes.not-yet' },
    });
    letOn();
    expect(await runs.wait(id)).toMatchObject({ state: 'paused', checkpointStep: 1, codesSteps: [1] });
    expect((await codes.prompt({ runId: id }, 1)).weights[2]).toBeCloseTo(0.9);
    expect((await codes.overview({ runId: id })).dead).toBe(1);
    compute.oddWeights = [0.2, 0.3, 0.5];
    await runs.resume(id);
    expect(await runs.wait(id)).toMatchObject({ state: 'finished', checkpointStep: 4, codesSteps: [4] });
    expect((await codes.prompt({ runId: id }, 1)).weights[2]).toBeCloseTo(0.5);
    expect((await codes.overview({ runId: id })).dead).toBe(0);
  });

  it('that was killed after its last step can be resumed to what follows the steps', async () => {
    const { path, runs, codes, request, project } = await ready(3);
    const { id } = await runs.start(request);
    await runs.wait(id);
    await project.close();
    const database = new Sqlite(path);
    database.exec(
      "UPDATE runs SET state = 'running'; DELETE FROM code_activations; DELETE FROM pair_results; DELETE FROM checkpoint_figures",
    );
    database.close();
    await project.open(path);
    const killed = runs.get(id);
    expect(killed).toMatchObject({ state: 'stopped', step: 3, resumable: true });
    expect(killed.failure?.message).toContain(
      'Facet ended before this run was evaluated, after step 3 of 3.',
    );
    await runs.resume(id);
    expect(await runs.wait(id)).toMatchObject({ state: 'finished', step: 3, codesStep: 3, failure: null });
    expect(await codes.overview({ runId: id })).toMatchObject({ prompts: 6 });
  });

  it('stops when asked, keeps its checkpoint, and only one trains at a time', async () => {
    const { compute, runs, request } = await ready(1000);
    let letOn: () => void = () => undefined;
    compute.gate = new Promise((resolve) => {
      letOn = resolve;
    });
    const { id } = await runs.start(request);
    await expect(runs.start(request)).rejects.toMatchObject({ failure: { code: 'runs.already-running' } });
    expect(await runs.stop(id)).toMatchObject({ state: 'stopping' });
    letOn();
    expect(await runs.wait(id)).toMatchObject({ state: 'stopped', step: 1, failure: null });
    await expect(runs.stop(id)).rejects.toMatchObject({ failure: { code: 'runs.not-running' } });
  });

  it('pauses and goes on from its checkpoint, telling each step once', async () => {
    const { compute, path, runs, request } = await ready(4);
    let letOn: () => void = () => undefined;
    compute.gate = new Promise((resolve) => {
      letOn = resolve;
    });
    const { id } = await runs.start(request);
    expect(await runs.pause(id)).toMatchObject({ state: 'pausing', resumable: false });
    letOn();
    expect(await runs.wait(id)).toMatchObject({ state: 'paused', step: 1, resumable: true });
    // A crash after the checkpoint leaves steps that will be done again.
    const database = new Sqlite(path);
    database
      .prepare(
        "INSERT INTO run_frames SELECT run_id, 99, 'step', json_set(frame, '$.step', 2) FROM run_frames WHERE type = 'step'",
      )
      .run();
    database.close();
    expect(await runs.resume(id)).toMatchObject({ state: 'running', resumable: false });
    await expect(runs.resume(id)).rejects.toMatchObject({ failure: { code: 'runs.already-running' } });
    const ended = await runs.wait(id);
    expect(ended).toMatchObject({ state: 'finished', step: 4, resumable: false, failure: null });
    expect(compute.jobs.filter(({ kind }) => kind === 'train')).toMatchObject([
      { resume: false },
      { resume: true },
    ]);
    const steps = (await collect(runs.frames(id))).flatMap((frame) =>
      frame.type === 'step' ? [frame.step] : [],
    );
    expect(steps).toEqual([1, 2, 3, 4]);
    await expect(runs.resume(id)).rejects.toMatchObject({ failure: { code: 'runs.not-resumable' } });
  });

  it('stands where its checkpoint does, though a fast run did not report its last steps', async () => {
    const { compute, runs, request } = await ready(4);
    compute.unreportedFrom = 3;
    const { id } = await runs.start(request);
    expect(await runs.wait(id)).toMatchObject({ state: 'finished', step: 4, checkpointStep: 4 });
  });

  it('begins anew where it was paused before its first checkpoint', async () => {
    const { compute, runs, request } = await ready(2);
    compute.failing.set('train', { code: 'job.stopped', message: 'Stopped before it was finished.' });
    const { id } = await runs.start(request);
    await runs.pause(id);
    expect(await runs.wait(id)).toMatchObject({ state: 'paused', checkpointStep: null, resumable: true });
    compute.failing.delete('train');
    await runs.resume(id);
    expect(await runs.wait(id)).toMatchObject({ state: 'finished', step: 2, failure: null });
    expect(compute.jobs.flatMap((job) => (job.kind === 'train' ? [job.resume] : []))).toEqual([false, false]);
    const frames = await collect(runs.frames(id));
    expect(frames.flatMap((frame) => (frame.type === 'step' ? [frame.step] : []))).toEqual([1, 2]);
  });

  it('is exported with a card of its settings, data and figures, and never over a folder that is there', async () => {
    const { folder, runs, request } = await ready();
    const { id } = await runs.start({ ...request, name: 'First: a/b' });
    await runs.wait(id);
    const exported = await runs.export({ runId: id, format: 'codebook', parent: folder });
    expect(exported.folder).toBe(join(folder, 'First-a-b-codebook'));
    const [card] = exported.notes as [string];
    for (const part of ['base_model: "tiny"', '| latent.codes | 32 |', '| sky |', 'No pair was held out'])
      expect(card).toContain(part);
    mkdirSync(exported.folder);
    await expect(runs.export({ runId: id, format: 'codebook', parent: folder })).rejects.toMatchObject({
      failure: { code: 'export.exists' },
    });
    await expect(
      runs.export({ runId: id, format: 'peft', parent: join(folder, 'gone') }),
    ).rejects.toMatchObject({ failure: { code: 'export.no-folder' } });
  });

  it('is stopped and stored before the project closes', async () => {
    const { compute, facet, folder, path, runs, project, request } = await ready(1000);
    compute.gate = new Promise((resolve) => setTimeout(resolve, 20));
    const { id } = await runs.start(request);
    await project.close();
    const again = facetOver(folder, { userDataDir: join(folder, 'other') });
    onTestFinished(() => again.dispose());
    await again.services.project.open(path);
    expect(again.services.runs.get(id)).toMatchObject({ state: 'stopped', failure: null });
    await facet.dispose();
  });

  it('left running by a crash says so when the project opens again', async () => {
    const { runs, path, project, request } = await ready();
    const { id } = await runs.start(request);
    await runs.wait(id);
    await project.close();
    const database = new Sqlite(path);
    database.exec(`UPDATE runs SET state = 'running', ended_at = NULL WHERE id = ${id};
      INSERT INTO runs (name, state, model_id, config, seed, selection, pairs, code_version, started_at)
      SELECT 'cut off', 'stopping', model_id, config, seed, selection, pairs, code_version, started_at FROM runs`);
    database.close();
    await project.open(path);
    const failure = { code: 'runs.interrupted', message: expect.stringContaining('after step 3 of 3') };
    expect(runs.get(id)).toMatchObject({ state: 'stopped', failure });
    expect(runs.get(id + 1)).toMatchObject({ state: 'stopped', failure: { code: 'runs.interrupted' } });
  });

  it('starts from an earlier run of the model, or from a folder that is there', async () => {
    const { folder, compute, models, runs, request } = await ready();
    const first = await runs.start(request);
    await runs.wait(first.id);
    const from = (startFrom: string, changed: object = {}) =>
      runs.start({ ...request, ...changed, config: { ...request.config, startFrom } });
    const second = await from(`run:${first.id}`);
    await runs.wait(second.id);
    expect(second.config.startFrom).toBe(`run:${first.id}`);
    const trained = compute.jobs.findLast(({ kind }) => kind === 'train') as TrainJob;
    expect(trained.startDir).toMatch(/runs.1.checkpoints.last-3$/);
    await expect(from(`run:${first.id}@best`)).rejects.toThrow(/no best checkpoint/);
    await expect(from(join(folder, 'nowhere'))).rejects.toThrow(/is not there/);
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'config.json'), '{}');
    const { id: modelId } = await models.add(other);
    await expect(from(`run:${first.id}`, { modelId })).rejects.toThrow(/trained on another model/);
    expect(runs.list()).toHaveLength(2);
  });

  it('refuses an empty selection and a model that is gone', async () => {
    const { runs, request } = await ready();
    const none = { ...request, selection: { labels: 'people', sourceIds: null } as const };
    await expect(runs.start(none)).rejects.toMatchObject({ failure: { code: 'runs.no-pairs' } });
    await expect(runs.start({ ...request, modelId: 9 })).rejects.toMatchObject({
      failure: { code: 'models.unknown' },
    });
    expect(runs.list()).toEqual([]);
  });

  it('without a latent has no codes, and says why', async () => {
    const { compute, runs, codes, request } = await ready();
    const { id } = await runs.start({ ...request, config: { ...request.config, latent: null } });
    expect(await runs.wait(id)).toMatchObject({ state: 'finished' });
    expect(compute.jobs.map(({ kind }) => kind)).not.toContain('codes');
    await expect(codes.heatMap({ runId: id }, 'source')).rejects.toThrow('it was trained without a latent');
  });

  it('is refused before anything is stored where its settings break a rule', async () => {
    const { runs, request } = await ready();
    const config = { ...request.config, latent: null, trainable: 'heads' as const };
    await expect(runs.start({ ...request, config })).rejects.toMatchObject({
      failure: {
        code: 'config.nothing-to-train',
        where: { field: 'trainable' },
        suggestion: { field: 'trainable', value: 'lora' },
      },
    });
    expect(runs.list()).toEqual([]);
  });
});
