/** The robust preset end to end on a real small model: how it begins, that it repeats, and where it has no part. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QUICK_RUN } from '#core/presets.ts';
import type { LatentConfig, RunConfig } from '#core/runConfig.ts';
import { hashFile } from '#disk/hash.ts';
import { needing } from '#disk/testNeeds.ts';
import { storiesMissing } from '../backbone/testModel.ts';
import { readCheckpoint } from './checkpoint.ts';
import {
  type FinishedRun,
  framesOf,
  politePairs,
  runAgain,
  runIn,
  SHORT_RUN,
  temporaryRoot,
} from './testRun.ts';

let root = '';
let remove: () => Promise<void> = async () => undefined;
beforeAll(async () => {
  ({ root, remove } = await temporaryRoot());
});
afterAll(() => remove());

const LATENT = { ...QUICK_RUN.latent, codes: 6, warmStartRestarts: 1 } as LatentConfig;
const robust = (
  changed: Partial<RunConfig> = {},
  latent: Partial<LatentConfig> = {},
): Partial<RunConfig> => ({
  ...SHORT_RUN,
  ...QUICK_RUN,
  ...{ tokenBudget: 192, maxPromptTokens: 48, maxReplyTokens: 48, evaluateEvery: 0, engine: 'onnx-cpu' },
  steps: 6,
  latent: { ...LATENT, ...latent },
  ...changed,
});
const notesOf = ({ frames }: FinishedRun): string[] =>
  framesOf(frames, 'phase').flatMap(({ phase, note }) => (phase === 'warm-start' && note ? [note] : []));

async function weightsOf({ job }: FinishedRun): Promise<string> {
  const folder = join(job.runDir, 'checkpoints');
  const last = (await readdir(folder))
    .filter((name) => name.startsWith('last'))
    .sort()
    .at(-1) as string;
  return hashFile(join(folder, last, 'trained.safetensors'));
}

describe('a warm start on stories260K', needing(storiesMissing), () => {
  const PAIRS = politePairs(storiesMissing === null ? 30 : 0);
  let whole: FinishedRun;
  beforeAll(async () => {
    if (storiesMissing === null) whole = await runIn(root, PAIRS, robust());
  }, 120_000);

  it('says what it found, begins at ln 2, and is the same each time and after a stop', async () => {
    expect(notesOf(whole)).toEqual([expect.stringMatching(/^Warm start: \d of 6 codes in use/)]);
    expect(Math.abs((whole.steps[0]?.loss ?? 0) - Math.LN2)).toBeLessThan(0.02);
    expect(whole.evaluations.at(-1)?.posteriorAccuracy).toBeNull();

    const again = await runIn(root, PAIRS, robust());
    expect(await weightsOf(again)).toBe(await weightsOf(whole));
    const stopped = await runIn(root, PAIRS, robust(), (frame, stop) => {
      if (frame.type === 'step' && frame.step === 3) stop.abort();
    });
    expect(stopped.result.stopped).toBe(true);
    const resumed = await runAgain({ ...stopped.job, resume: true });
    expect(notesOf(resumed)).toEqual([]);
    expect(await weightsOf(resumed)).toBe(await weightsOf(whole));
  }, 120_000);

  it('that is stopped is done again when the run goes on', async () => {
    const stopped = await runIn(root, PAIRS, robust(), (frame, stop) => {
      if (frame.type === 'phase' && frame.phase === 'warm-start') stop.abort();
    });
    expect(stopped.steps).toEqual([]);
    const resumed = await runAgain({ ...stopped.job, resume: true });
    expect(notesOf(resumed)).toHaveLength(1);
    expect(await weightsOf(resumed)).toBe(await weightsOf(whole));
  }, 120_000);

  it.each<[string, Partial<RunConfig>, Partial<LatentConfig>, number]>([
    ['IPO on means per token', { objective: 'ipo' }, {}, 1],
    ['SimPO, without a reference', { objective: 'simpo', beta: 2 }, {}, 1],
    ['adapters after the heads', { trainable: 'lora', headsFirst: 0.5 }, {}, 1],
    ['the whole model', { trainable: 'full', headsFirst: 0.5 }, { pooling: 'last' }, 1],
    ['more codes than pairs', {}, { codes: 64 }, 1],
    ['more directions than the model has', {}, { promptDirections: 500, codeDirections: 500 }, 1],
    [
      'a posterior, noise and the paper’s schedule',
      {},
      { posterior: 'network', gumbelNoise: true, priorShare: 'rise' },
      1,
    ],
    ['z in the layers, where it has no part', {}, { injection: 'layers' }, 0],
    ['a control without codes', {}, { kind: 'mlp' }, 0],
    ['a Gaussian control', {}, { kind: 'gaussian' }, 0],
    ['one vector for all', {}, { kind: 'bias' }, 0],
  ])(
    'works with %s',
    async (_, changed, latent, notes) => {
      const run = await runIn(root, PAIRS, robust(changed, latent));
      expect(run.result.steps).toBe(6);
      expect(notesOf(run)).toHaveLength(notes);
      expect(run.steps.every(({ loss }) => Number.isFinite(loss))).toBe(true);
    },
    120_000,
  );

  it('stays by the reference where labels are drawn by lot, whatever the steps make of the training pairs', async () => {
    const lot = PAIRS.map((pair, i) =>
      i % 2 === 0 ? pair : { ...pair, chosen: pair.rejected, rejected: pair.chosen },
    );
    const run = await runIn(root, lot, robust({ steps: 60, heldOutShare: 0.25 }));
    expect(notesOf(run)).toEqual([expect.stringContaining('No better than a coin')]);
    const last = run.evaluations.at(-1);
    expect(Math.abs((last?.loss ?? 0) - Math.LN2)).toBeLessThan(0.01);
    // Short, not gone: the sign of a margin still says which reply the code is for.
    expect(last?.accuracy).toBeGreaterThan(0);
  }, 120_000);

  it('takes a handful of pairs', async () => {
    const run = await runIn(root, PAIRS.slice(0, 3), robust({ heldOutShare: 0 }));
    expect(run.result.steps).toBe(6);
  }, 120_000);

  it('keeps its directions with the run', async () => {
    const { trained } = await readCheckpoint(whole.result.checkpointDir);
    expect(trained['prompt.directions']?.spec.shape).toEqual([64, 64]);
    expect(trained['codebook.directions']?.spec.shape).toEqual([64, 64]);
    expect(trained.codebook?.spec.shape).toEqual([6, 64]);
    expect(trained['codebook.directions']?.data.some((value) => value !== 0)).toBe(true);
  }, 120_000);
});
