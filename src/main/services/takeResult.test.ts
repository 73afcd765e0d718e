import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { causesOf } from '#core/causes/causes.ts';
import type { PairResult } from '#core/jobs.ts';
import type { PreferencePair } from '#core/preference.ts';
import { unwrap } from '#core/result.ts';
import { readFloats } from '#disk/bytes.ts';
import { hashFile } from '#disk/hash.ts';
import { writeJsonLines } from '#disk/lines.ts';
import { startForkedWorker } from '../compute/forkLink.ts';
import { createWorkerPool } from '../compute/workerPool.ts';
import { resourcesDir, rootDir, workerEntry } from '../environment.ts';
import { importAll, openFacet } from '../testFacet.ts';

/** Made by `resources/job/train.py` itself: tests/fixtures/job/make.ts. */
const fixture = join(rootDir, 'tests', 'fixtures', 'job');
const archive = join(fixture, 'result.zip');
const TOLERANCE = 1e-4;
/** A pair's margin is a difference of four sums of some hundred each, whose last digit in float32 is 3e-5. */
const MARGIN_TOLERANCE = 2e-4;
let jobId = '';
beforeAll(async () => {
  jobId = (JSON.parse(await readFile(join(fixture, 'record', 'record.json'), 'utf8')) as { id: string }).id;
});

/** The project that made the job, its compute process a real one. */
async function projectOfTheJob() {
  const compute = createWorkerPool(() => startForkedWorker(workerEntry));
  const opened = await openFacet({ resourcesDir, compute });
  await importAll(opened.facet, join(fixture, 'pairs.jsonl'));
  await opened.facet.services.models.list();
  const record = join(`${opened.path}.files`, 'jobs', jobId);
  await cp(join(fixture, 'record'), record, { recursive: true });
  return { ...opened, compute, record };
}

/** A copy of the partial result, to be changed. */
async function partialIn(folder: string, change: (at: string) => Promise<void> = async () => undefined) {
  const at = join(folder, 'partial');
  await cp(join(fixture, 'partial'), at, { recursive: true });
  await change(at);
  return at;
}

async function setSeal(at: string, change: (seal: Record<string, unknown>) => void): Promise<void> {
  const path = join(at, 'result.json');
  const seal = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  change(seal);
  await writeFile(path, JSON.stringify(seal));
}

/** Two groups of ten prompts, each served by a code of its own; `margins` of each are those of two codes. */
async function putForced(at: string, margins: readonly number[] = [1, -1]): Promise<void> {
  const forced = Array.from({ length: 20 }, (_, row) => {
    const code = row % 2;
    const own = code === 0 ? margins : margins.toReversed();
    const about = { promptId: String(row), group: code === 0 ? 'friends' : 'customers', strongest: code };
    return { ...about, margin: 1, forced: own, pinned: own, off: 0, shared: -1 };
  });
  const told = { pairs: 20, heldOutPairs: 20, codes: [0, 1], codesLeftOut: 0, groupedBy: 'source', forced };
  await writeFile(join(at, 'forced-000004.json'), JSON.stringify(told));
  const sha256 = await hashFile(join(at, 'forced-000004.json'));
  await setSeal(at, (seal) => Object.assign(seal.files as object, { 'forced-000004.json': sha256 }));
}

describe('the result of a job', () => {
  it('becomes a run whose figures, checkpoints and codes are there, equal to what this machine reads', async () => {
    const { facet, folder, compute, path } = await projectOfTheJob();
    const { services } = facet;
    const taken = await services.jobs.take(archive);
    const run = await services.runs.wait(taken.id);
    expect(run).toMatchObject({ name: 'Far away', state: 'finished', step: 6, pairs: 64, failure: null });
    expect(run.engine).toMatch(/^PyTorch \d/);
    expect(run.checkpointStep).toBe(6);
    expect(run.codesSteps).toContain(6);

    const frames = [];
    for await (const frame of services.runs.frames(run.id)) frames.push(frame);
    expect(frames.filter(({ type }) => type === 'step')).toHaveLength(6);
    expect(frames.filter(({ type }) => type === 'evaluation')).toHaveLength(3);

    const runDir = join(`${path}.files`, 'runs', String(run.id));
    const checkpointDir = join(runDir, 'checkpoints', 'last-000006');
    const modelDir = join(resourcesDir, 'starter');
    const own = (name: string): string => join(folder, name);

    // Our own engine reads the checkpoint and gives the same margins,
    const stored = (await readFile(join(runDir, 'held-out-000006.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as PairResult);
    const datasetPath = join(runDir, 'dataset.jsonl');
    const scored = own('scores.jsonl');
    const shared = { modelDir, checkpointDir, engine: 'onnx-cpu', cacheDir: own('cache') } as const;
    unwrap(await compute.run<'score'>({ kind: 'score', datasetPath, outputPath: scored, ...shared }));
    const margins = new Map(
      (await readFile(scored, 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as PairResult)
        .map(({ pairId, margin }) => [pairId, margin]),
    );
    expect(stored.length).toBeGreaterThan(0);
    for (const { pairId, margin } of stored)
      expect(Math.abs((margins.get(pairId) ?? Number.NaN) - margin)).toBeLessThan(MARGIN_TOLERANCE);

    // and p(z|x) of every prompt that the heat map shows.
    const prompts = await readPrompts(datasetPath);
    const promptsPath = own('prompts.jsonl');
    await writeJsonLines(promptsPath, prompts);
    const outputPath = own('codes.f32');
    unwrap(
      await compute.run<'codes'>({
        kind: 'codes',
        modelDir,
        checkpointDir,
        promptsPath,
        outputPath,
        engine: 'onnx-cpu',
      }),
    );
    const weights = await readFloats(outputPath);
    for (const [row, { id }] of prompts.entries()) {
      const { weights: shown } = await services.codes.prompt({ runId: run.id, step: 6 }, Number(id));
      expect(shown).toHaveLength(4);
      for (const [code, value] of shown.entries())
        expect(Math.abs(value - (weights[4 * row + code] as number))).toBeLessThan(TOLERANCE);
    }
  });

  it('brings what its codes cause, as this machine finds when it forces them', async () => {
    const { facet, folder, compute, path } = await projectOfTheJob();
    const { jobs, runs, codes } = facet.services;
    const run = await runs.wait((await jobs.take(archive)).id);
    const runDir = join(`${path}.files`, 'runs', String(run.id));
    const held = new Set(
      JSON.parse(await readFile(join(runDir, 'held-out-prompts.json'), 'utf8')) as string[],
    );
    const pairs = (await readFile(join(runDir, 'dataset.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as PreferencePair)
      .filter(({ promptId }) => held.has(promptId));
    const datasetPath = join(folder, 'held-out.jsonl');
    await writeJsonLines(datasetPath, pairs);
    const own = unwrap(
      await compute.run<'causes'>({
        kind: 'causes',
        modelDir: join(resourcesDir, 'starter'),
        checkpointDir: join(runDir, 'checkpoints', 'last-000006'),
        datasetPath,
        cacheDir: join(folder, 'cache'),
        engine: 'onnx-cpu',
      }),
    );
    const about = new Map(pairs.map((pair) => [pair.id, { promptId: pair.promptId, group: pair.source }]));
    const forced = own.pairs.map(({ pairId, ...margins }) => ({
      ...margins,
      ...(about.get(pairId) as { promptId: string; group: string }),
    }));
    const expected = causesOf({ codes: own.codes, pairs: forced }, run.config.seed);
    expect(expected?.recovery).toBeGreaterThan(0.5);

    const { causes: shown } = await codes.overview({ runId: run.id, step: 6 });
    expect(shown).toMatchObject({ pairs: pairs.length, groupedBy: 'source', recovery: expected?.recovery });
    expect(shown?.codes.map(({ code }) => code)).toEqual(own.codes);
    expect(shown?.codes.map(({ serves }) => serves)).toEqual(expected?.serves);
    const margins = shown?.codes.flatMap(({ effects }) => effects.map(({ margin }) => margin)) ?? [];
    expect(margins).toHaveLength(2 * own.codes.length);
    for (const [at, { margin }] of (expected?.effects ?? []).entries())
      expect(Math.abs((margins[at] as number) - margin)).toBeLessThan(TOLERANCE);
    const evaluations = [];
    for await (const frame of runs.frames(run.id)) if (frame.type === 'evaluation') evaluations.push(frame);
    expect(evaluations.at(-1)?.causalRecovery).toBe(expected?.recovery);
  });

  it('is taken again and again while the job goes on: one run, brought up to date', async () => {
    const { facet, folder } = await projectOfTheJob();
    const { jobs, runs } = facet.services;
    const partial = await partialIn(folder, async (at) => {
      await setSeal(at, (seal) => Object.assign(seal, { state: 'running' }));
      await putForced(at);
    });
    const first = await jobs.take(partial);
    expect(first).toMatchObject({ state: 'stopped', step: 4, failure: { code: 'job.still-running' } });
    const frames = [];
    for await (const frame of runs.frames(first.id)) frames.push(frame);
    const [causes, evaluation] = frames.slice(frames.findIndex(({ type }) => type === 'causes'));
    expect(causes).toMatchObject({ step: 4, pairs: 20, causes: { serves: ['friends', 'customers'] } });
    if (causes?.type !== 'causes') throw new Error('no causes');
    const recovery = causes.causes?.recovery;
    expect(recovery).toBeGreaterThan(0);
    expect(evaluation).toMatchObject({ type: 'evaluation', step: 4, causalRecovery: recovery });
    await runs.edit({ runId: first.id, name: 'My name', note: 'My note' });
    const again = await jobs.take(partial);
    expect(again.id).toBe(first.id);
    const whole = await jobs.take(archive);
    expect(whole).toMatchObject({
      id: first.id,
      state: 'finished',
      step: 6,
      failure: null,
      name: 'My name',
      note: 'My note',
    });
    expect(runs.list()).toHaveLength(1);
    await runs.wait(first.id);
  });

  const damages: Record<string, (at: string) => Promise<void>> = {
    'a checkpoint with a changed byte': async (at) => {
      const file = join(at, 'checkpoints', 'last-000004', 'trained.safetensors');
      const bytes = await readFile(file);
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      await writeFile(file, bytes);
    },
    'figures that are cut off': async (at) => {
      const file = join(at, 'frames.jsonl');
      await writeFile(file, (await readFile(file)).subarray(0, 500));
    },
    'a missing file of pairs': (at) => rm(join(at, 'held-out-000004.jsonl')),
    'a checkpoint that is not there': (at) => rm(join(at, 'checkpoints', 'best-000004'), { recursive: true }),
    'a seal that leads outside': (at) =>
      setSeal(at, (seal) => Object.assign(seal, { files: { '../../secret.json': 'a'.repeat(64) } })),
    'a seal that is no JSON': (at) => writeFile(join(at, 'result.json'), '{"format":'),
    'margins of fewer codes than were forced': (at) => putForced(at, [1]),
    'codes of other prompts': (at) =>
      setSeal(at, (seal) => Object.assign(seal, { files: { 'codes-000004.f32': 'a'.repeat(64) } })),
  };
  it.each(Object.entries(damages))('is refused with %s, and nothing is taken', async (_, damage) => {
    const { facet, folder } = await projectOfTheJob();
    const partial = await partialIn(folder, damage);
    await expect(facet.services.jobs.take(partial)).rejects.toMatchObject({
      failure: { code: 'job.damaged-result' },
    });
    expect(facet.services.runs.list()).toEqual([]);
  });

  it('is refused where it is of another project, no result at all, or an archive that is cut off', async () => {
    const { facet, folder, record } = await projectOfTheJob();
    const { jobs, runs } = facet.services;
    const cut = join(folder, 'cut.zip');
    await writeFile(cut, (await readFile(archive)).subarray(0, 20_000));
    await expect(jobs.take(cut)).rejects.toMatchObject({ failure: { code: expect.any(String) } });
    await mkdir(join(folder, 'nothing'));
    for (const place of ['nothing', 'nowhere'])
      await expect(jobs.take(join(folder, place))).rejects.toMatchObject({
        failure: { code: 'job.no-result' },
      });
    await rm(record, { recursive: true });
    await expect(jobs.take(archive)).rejects.toMatchObject({ failure: { code: 'job.foreign' } });
    expect(runs.list()).toEqual([]);
  });
});

/** Prompts as the job had them, in its order. */
async function readPrompts(datasetPath: string): Promise<{ id: string; messages: unknown }[]> {
  const rows = (await readFile(datasetPath, 'utf8')).trim().split('\n');
  const pairs = rows.map((row) => JSON.parse(row) as { promptId: string; messages: unknown });
  return pairs
    .sort((a, b) => Number(a.promptId) - Number(b.promptId))
    .map(({ promptId, messages }) => ({ id: promptId, messages }));
}
