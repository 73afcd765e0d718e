import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { TrainJob } from '#core/jobs.ts';
import type { PreferencePair } from '#core/preference.ts';
import { temporaryFolder } from '../data/testProject.ts';
import { openCellStore } from './cellStore.ts';
import { designOf } from './designs/index.ts';
import { cellResult } from './figures.ts';
import { type CellEvent, runCells } from './runCells.ts';
import { heldOutOf, inputOver, MeasuringCompute, readRows, somePairs } from './testPairs.ts';
import type { Cell } from './types.ts';

let folder: string;
let modelDir: string;
let compute: MeasuringCompute;
let events: CellEvent[];
beforeEach(() => {
  folder = join(temporaryFolder(), 'results');
  modelDir = temporaryFolder();
  writeFileSync(join(modelDir, 'config.json'), '{}');
  compute = new MeasuringCompute();
  events = [];
});

const cellsOf = (name: string, seeds: readonly number[] = [1, 2]): readonly Cell[] =>
  designOf(name).cells(inputOver(somePairs(120), seeds, modelDir));

const run = (cells: readonly Cell[], changes: Partial<Parameters<typeof runCells>[1]> = {}) =>
  runCells(cells, {
    compute,
    store: openCellStore(folder),
    processes: 2,
    codeVersion: 'test',
    codeFingerprint: 'code',
    stop: new AbortController().signal,
    onEvent: (event) => events.push(event),
    ...changes,
  });
const trainings = () => compute.jobs.filter((job): job is TrainJob => job.kind === 'train');

test('a cell is trained with its test pairs held out, and their figures and codes are read', async () => {
  const cells = cellsOf('latent-kind', [1]);
  const { results, failed } = await run(cells);
  expect(failed).toEqual([]);
  expect(results.map(({ cell }) => cell.key)).toEqual(cells.map(({ key }) => key));
  const [plain, discrete, gaussian] = results;
  const { training, test: held } = cells[0]!.data();
  // The fake is wrong on the source "odd" without a latent.
  const even = held.filter(({ source }) => source === 'even').length / held.length;
  expect(plain?.figures.accuracy).toBeCloseTo(even, 12);
  expect(plain?.figures.accuracyByLabel).toEqual({ even: 1, odd: 0 });
  expect([plain?.figures.posteriorAccuracy, plain?.figures.kl, plain?.codes]).toEqual([null, null, null]);
  expect(discrete?.figures).toMatchObject({
    accuracy: 1,
    posteriorAccuracy: 1,
    swappedAccuracy: 0,
    kl: 0.25,
  });
  expect(discrete?.figures.nmi).toBeCloseTo(1, 6);
  expect(discrete?.figures.recovery).toBeCloseTo(1, 6);
  expect(gaussian?.codes).toBeNull();
  // The doctor looks at the test figures: nothing to say here, and of codes that all prompts share a word.
  expect(discrete?.warnings).toEqual([]);
  const { codes } = discrete!;
  const idle = { ...discrete!, codes: { ...codes!, weights: codes!.weights.map(() => 1 / codes!.codes) } };
  expect(cellResult(discrete!.cell, idle).warnings.join()).toContain('codes are idle');
  const { promptIds = [], states } = discrete?.codes ?? {};
  expect(states?.values).toEqual(promptIds.flatMap((id) => [Number(id.replace(/\D/g, '')) % 2, 0]));
  const [job] = trainings();
  // Test pairs are marked, so that none of their ids is one of training; results are in the order of the test pairs.
  const rows = readRows<PreferencePair>(job!.datasetPath);
  expect(rows.slice(0, training.length)).toEqual(training);
  expect(new Set(heldOutOf(job!).map(({ id }) => id))).toEqual(new Set(held.map(({ id }) => `test:${id}`)));
  expect(plain?.pairs.map(({ pairId }) => pairId)).toEqual(held.map(({ id }) => id));
  expect(plain?.processorSeconds).toBe(0.5);
  // Work of the cells is gone, the shared pair files are there once.
  expect(readdirSync(join(folder, 'work'))).toEqual([]);
  expect(readdirSync(join(folder, 'data'))).toHaveLength(2);
});

test('what is done is not done again; other settings, seeds, data, model or code are', async () => {
  const cells = cellsOf('methods');
  const first = await run(cells);
  expect(trainings()).toHaveLength(18);
  compute.jobs.length = 0;
  const again = await run(cells);
  expect(compute.jobs).toEqual([]);
  expect(again.known).toBe(18);
  expect(again.results.map(({ figures }) => figures)).toEqual(first.results.map(({ figures }) => figures));

  await run(cellsOf('methods', [1, 3]));
  expect(trainings().map(({ config }) => config.seed)).toEqual(new Array(9).fill(3));
  compute.jobs.length = 0;
  await run(cells, { codeFingerprint: 'other code' });
  expect(trainings()).toHaveLength(18);
  compute.jobs.length = 0;
  writeFileSync(join(modelDir, 'config.json'), '{"changed": true}');
  await run(cells);
  expect(trainings()).toHaveLength(18);
});

test('what is there is shown without computing the rest, which is counted', async () => {
  await run(cellsOf('latent-kind', [1]));
  compute.jobs.length = 0;
  const { results, missing, known } = await run(cellsOf('latent-kind', [1, 2, 3]), { storedOnly: true });
  expect([results.length, known, missing]).toEqual([4, 4, 8]);
  expect(compute.jobs).toEqual([]);
});

test('cells of two experiments that ask for the same are computed once', async () => {
  await run(cellsOf('latent-kind', [1]));
  compute.jobs.length = 0;
  const { results, known } = await run(cellsOf('controls', [1]));
  // LPC, "no latent", and that with as many steps of the backbone were there.
  expect(known).toBe(3);
  expect(trainings()).toHaveLength(5);
  expect(results.find(({ cell }) => cell.method === 'LPC')?.cell.group).toBe('controls');
});

test('a result that is damaged is measured again', async () => {
  const cells = cellsOf('latent-kind', [1]);
  await run(cells);
  const [name] = readdirSync(join(folder, 'cells'));
  writeFileSync(join(folder, 'cells', name as string), '{"contentKey": "half of i');
  compute.jobs.length = 0;
  expect((await run(cells)).results).toHaveLength(4);
  expect(trainings()).toHaveLength(1);
});

test('a cell that fails is listed, the rest go on, and the next start tries it again', async () => {
  const failure = { code: 'test.no', message: 'no', fix: 'do' };
  compute.refuse = ({ config }) => (config.latent?.kind === 'gaussian' ? failure : null);
  const cells = cellsOf('latent-kind');
  const { results, failed } = await run(cells);
  expect(results).toHaveLength(6);
  expect(failed.map(({ cell, failure: why }) => [cell.method, why])).toEqual([
    ['Gaussian', failure],
    ['Gaussian', failure],
  ]);
  expect(events.filter(({ type }) => type === 'failed')).toHaveLength(2);
  expect(readdirSync(join(folder, 'work'))).toEqual([]);
  compute.refuse = () => null;
  expect(await run(cells)).toMatchObject({ known: 6, failed: [] });
});

describe('stopped', () => {
  test('keeps what is done and goes on from there', async () => {
    const stop = new AbortController();
    let begun = 0;
    compute.onTrain = () => {
      begun += 1;
      if (begun === 3) stop.abort();
    };
    const cells = cellsOf('latent-kind');
    await expect(run(cells, { stop: stop.signal, processes: 1 })).rejects.toMatchObject({
      failure: { code: 'experiment.stopped', message: expect.stringContaining('2 of 8') },
    });
    compute.onTrain = () => undefined;
    compute.jobs.length = 0;
    expect((await run(cells)).known).toBe(2);
    expect(trainings()).toHaveLength(6);
  });

  test('by a kill leaves work behind that the next start removes, but not that of a living process', () => {
    openCellStore(folder);
    // No process has this number: it is above what a system gives out.
    const dead = join(folder, 'work', 'abc.999999999');
    const living = join(folder, 'work', `abc.${process.ppid}`);
    for (const path of [dead, living]) mkdirSync(path);
    openCellStore(folder);
    expect([existsSync(dead), existsSync(living)]).toEqual([false, true]);
  });
});

test('a folder that can’t be written says so', () => {
  const file = join(temporaryFolder(), 'a-file');
  writeFileSync(file, '');
  expect(() => openCellStore(file)).toThrow(
    expect.objectContaining({ failure: expect.objectContaining({ code: 'experiment.unwritable-folder' }) }),
  );
});
