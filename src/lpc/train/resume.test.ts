import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrainJob } from '#core/jobs.ts';
import type { RunConfig } from '#core/runConfig.ts';
import { mean } from '#core/statistics.ts';
import { STEP_PAIRS_FILE, type StepPairs } from '#core/stepPairs.ts';
import { hashFile } from '#disk/hash.ts';
import { needing } from '#disk/testNeeds.ts';
import { storiesMissing } from '../backbone/testModel.ts';
import {
  type FinishedRun,
  framesOf,
  LATENT,
  politePairs,
  runAgain,
  runIn,
  temporaryRoot,
} from './testRun.ts';

let root = '';
let remove: () => Promise<void> = async () => undefined;
let whole: FinishedRun;
/** Heads to step 5, then LoRA; evaluations at 4 and 8; everything that has noise or a memory is on. */
const SETTINGS: Partial<RunConfig> = {
  steps: 11,
  headsFirst: 0.5,
  evaluateEvery: 4,
  accumulation: 2,
  loraDropout: 0.2,
  earlyStoppingPatience: 5,
  learningRate: 3e-3,
  tokenBudget: 128,
  latent: {
    ...LATENT,
    codes: 256,
    codebookInitStd: 0.3,
    reseedDeadEvery: 3,
    finalTemperature: 0.1,
    inference: 'sample',
  },
};
const PAIRS = politePairs(storiesMissing === null ? 20 : 0);
beforeAll(async () => {
  ({ root, remove } = await temporaryRoot());
  if (storiesMissing === null) whole = await runIn(root, PAIRS, SETTINGS);
}, 60_000);
afterAll(() => remove());

class Killed extends Error {}
const resume = (job: TrainJob): TrainJob => ({ ...job, resume: true });
const stopAt = (step: number) => (frame: FinishedRun['frames'][number], stop: AbortController) => {
  if (frame.type === 'step' && frame.step === step) stop.abort();
};

/** Everything that the last and the best checkpoint hold, by file, and the pairs of the steps. */
async function contents(runDir: string): Promise<Record<string, string>> {
  const folder = join(runDir, 'checkpoints');
  const kept: Record<string, string> = {};
  const names = (await readdir(folder)).sort();
  for (const kind of ['last', 'best']) {
    const newest = names.filter((name) => name.startsWith(kind)).at(-1) as string;
    for (const file of (await readdir(join(folder, newest))).sort())
      kept[`${newest}/${file}`] = await hashFile(join(folder, newest, file));
  }
  kept.pairs = await hashFile(join(runDir, 'held-out-pairs.jsonl'));
  kept.steps = await hashFile(join(runDir, STEP_PAIRS_FILE));
  return kept;
}

/** Figures of steps and evaluations, without what the clock says; evaluations at a stop are the stop's own. */
const figures = (runs: readonly FinishedRun[]) => ({
  steps: runs.flatMap(({ steps }) =>
    steps.map(({ tokensPerSecond: _, timeLeftMs: __, memoryBytes: ___, ...figures }) => figures),
  ),
  evaluations: runs.flatMap(({ evaluations }) =>
    evaluations.filter(({ step }) => step % 4 === 0 || step === 11),
  ),
  warnings: runs.flatMap(({ frames }) => framesOf(frames, 'warning').map(({ code, step }) => [code, step])),
});

describe('resuming on stories260K', needing(storiesMissing), () => {
  it('has a run to compare with that re-seeds codes and evaluates', () => {
    const notes = framesOf(whole.frames, 'phase').flatMap(({ note }) => note ?? []);
    expect(notes.join(' ')).toMatch(/Step \d+: \d+ dead codes? re-seeded/);
    expect(whole.evaluations.map(({ step }) => step)).toEqual([4, 8, 11]);
    // No step takes less than a process that does nothing, or more than a machine has.
    for (const { memoryBytes = 0 } of whole.steps) {
      expect(memoryBytes).toBeGreaterThan(20 * 2 ** 20);
      expect(memoryBytes).toBeLessThan(totalmem());
    }
  });

  it('keeps the pairs of each step with margins and codes, which are those of its figures', async () => {
    const text = await readFile(join(whole.job.runDir, STEP_PAIRS_FILE), 'utf8');
    const kept = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as StepPairs);
    expect(kept.map(({ step }) => step)).toEqual(whole.steps.map(({ step }) => step));
    for (const [place, { pairIds, margins, codes, weights }] of kept.entries()) {
      const step = whole.steps[place];
      expect([pairIds, codes, weights].map((column) => column?.length)).toEqual(Array(3).fill(step?.pairs));
      expect(mean(margins)).toBeCloseTo(step?.margin ?? 0, 3);
    }
  });

  it.each([1, 5, 8])('gives the same to the bit after a stop at step %i', async (step) => {
    const first = await runIn(root, PAIRS, SETTINGS, stopAt(step));
    expect(first.result).toMatchObject({ stopped: true, steps: step });
    const second = await runAgain(resume(first.job));
    expect(second.result).toMatchObject({ stopped: false, steps: 11 });
    expect(second.steps[0]?.step).toBe(step + 1);
    const expected = figures([whole]);
    const found = figures([first, second]);
    expect(found.steps).toEqual(expected.steps);
    expect(found.evaluations).toEqual(expected.evaluations);
    const both = await contents(whole.job.runDir);
    const again = await contents(first.job.runDir);
    expect(again).toEqual(both);
  });

  it('leaves a step begun when stopped between its rows, and an evaluation that the stop cut short', async () => {
    const evaluating = (frame: FinishedRun['frames'][number], stop: AbortController) => {
      if (frame.type === 'phase' && frame.phase === 'evaluate') stop.abort();
    };
    const first = await runIn(root, PAIRS, SETTINGS, stopAt(2));
    const second = await runAgain(resume(first.job), evaluating, { graceMs: 0 });
    expect(second.result).toMatchObject({ stopped: true, steps: 4 });
    expect(second.evaluations).toEqual([]);
    const third = await runAgain(resume(first.job));
    expect(third.evaluations[0]?.step).toBe(4);
    const found = figures([first, second, third]);
    expect(found.steps).toEqual(figures([whole]).steps);
    expect(found.evaluations).toEqual(figures([whole]).evaluations);
    expect(await contents(first.job.runDir)).toEqual(await contents(whole.job.runDir));
  });

  it('goes on through several stops, and from what is on disk after a kill', async () => {
    const first = await runIn(root, PAIRS, SETTINGS, stopAt(2));
    const job = resume(first.job);
    const killed = runAgain(job, (frame) => {
      if (frame.type === 'step' && frame.step === 7) throw new Killed();
    });
    await expect(killed).rejects.toBeInstanceOf(Killed);
    // Steps 5 to 7 are lost, and done again.
    const third = await runAgain(job, stopAt(9));
    expect(third.steps.map(({ step }) => step)).toEqual([5, 6, 7, 8, 9]);
    const fourth = await runAgain(job);
    expect(figures([third, fourth]).steps).toEqual(figures([whole]).steps.slice(4));
    const again = await contents(first.job.runDir);
    for (const [file, hash] of Object.entries(await contents(whole.job.runDir)))
      if (!file.startsWith('best')) expect(again[file], file).toBe(hash);
  });

  it('passes over a damaged checkpoint for the one before it', async () => {
    const first = await runIn(root, PAIRS, SETTINGS, stopAt(6));
    const path = join(first.job.runDir, 'checkpoints', 'last-000006', 'optimiser.safetensors');
    await writeFile(path, 'x');
    const second = await runAgain(resume(first.job));
    expect(second.steps[0]?.step).toBe(5);
    const notes = framesOf(second.frames, 'phase').flatMap(({ note }) => note ?? []);
    expect(notes.join(' ')).toMatch(/Resuming after step 4\..*last-000006/);
    expect((await contents(first.job.runDir))['last-000011/trained.safetensors']).toBe(
      (await contents(whole.job.runDir))['last-000011/trained.safetensors'],
    );
  });

  it('full fine-tuning reads its reference from the base model after a resume too', async () => {
    const full: Partial<RunConfig> = {
      trainable: 'full',
      headsFirst: 0,
      steps: 4,
      tokenBudget: 128,
      learningRate: 1e-3,
    };
    const straight = await runIn(root, PAIRS, full);
    const first = await runIn(root, PAIRS, full, stopAt(2));
    await rm(first.job.cacheDir, { recursive: true });
    const second = await runAgain(resume(first.job));
    expect(figures([first, second]).steps).toEqual(figures([straight]).steps);
  });

  it('says what does not match', async () => {
    const first = await runIn(root, PAIRS, { ...SETTINGS, steps: 6 }, stopAt(1));
    const job = resume(first.job);
    const failureOf = (changed: Partial<TrainJob>) =>
      runAgain({ ...job, ...changed }).then(
        () => null,
        (error) => error.failure,
      );
    expect(
      await failureOf({ config: { ...job.config, beta: 0.2, latent: { ...job.config.latent!, codes: 9 } } }),
    ).toMatchObject({
      code: 'resume.other-config',
      message: expect.stringContaining('beta, latent.codes'),
    });
    const text = await readFile(job.datasetPath, 'utf8');
    const datasetPath = join(root, 'other.jsonl');
    await writeFile(datasetPath, text.replace(/"chosen":"/, '"chosen":"Well, '));
    expect(await failureOf({ datasetPath })).toMatchObject({ code: 'resume.other-dataset' });
    const modelDir = join(root, 'model');
    await cp(job.modelDir, modelDir, { recursive: true });
    await writeFile(join(modelDir, 'extra.json'), '{}');
    expect(await failureOf({ modelDir })).toMatchObject({ code: 'resume.other-model' });
    expect(await failureOf({ runDir: join(root, 'nothing') })).toMatchObject({
      code: 'resume.no-checkpoint',
    });
    const last = join(job.runDir, 'checkpoints', 'last-000001');
    await writeFile(join(last, 'progress.json'), '{}');
    expect(await failureOf({})).toMatchObject({
      code: 'resume.no-checkpoint',
      message: expect.stringContaining('damaged'),
    });
  });
});
