import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PairResult } from '#core/jobs.ts';
import { FacetError } from '#core/result.ts';
import type { StepFrame } from '#core/runFrames.ts';
import { mean } from '#core/statistics.ts';
import { verifyFolder } from '#disk/folder.ts';
import { PARTIAL_SUFFIX } from '#disk/partials.ts';
import { needing } from '#disk/testNeeds.ts';
import { storiesMissing } from '../backbone/testModel.ts';
import { makeStrictModel, refusedByStrictModel } from '../backbone/testStrictModel.ts';
import { readCheckpoint, readOptimiser } from './checkpoint.ts';
import { readPairs } from './dataset.ts';
import { type FinishedRun, framesOf, LATENT, politePairs, runIn, temporaryRoot } from './testRun.ts';

let root = '';
let remove: () => Promise<void> = async () => undefined;
beforeAll(async () => {
  ({ root, remove } = await temporaryRoot());
});
afterAll(() => remove());

const losses = (steps: readonly StepFrame[]) => steps.map(({ loss }) => loss);
const readResults = async (run: FinishedRun): Promise<PairResult[]> =>
  (await readFile(run.result.pairResultsPath, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as PairResult);

describe('train on stories260K', needing(storiesMissing), () => {
  it('starts DPO with an untrained adapter at ln 2', async () => {
    const { steps, result } = await runIn(root, politePairs(12), { latent: null, steps: 1 });
    expect(steps[0]?.loss).toBeCloseTo(Math.LN2, 5);
    expect(steps[0]?.margin).toBeCloseTo(0, 4);
    expect(steps[0]).toMatchObject({ step: 1, stage: 'all', kl: 0, codePerplexity: null });
    expect(result).toMatchObject({ stopped: false, steps: 1 });
  });

  it('leaves out and names the pairs that the chat template cannot write', async () => {
    const modelDir = await makeStrictModel(join(root, 'strict'));
    const pairs = politePairs(12).map((pair, index) => (index % 6 === 0 ? refusedByStrictModel(pair) : pair));
    const [first] = pairs;
    const { frames, result } = await runIn(root, pairs, { latent: null, steps: 1 }, undefined, modelDir);
    const notes = framesOf(frames, 'phase').flatMap(({ note }) => note ?? []);
    expect(notes).toContainEqual(expect.stringContaining('2 of 12 pairs are left out'));
    expect(notes).toContainEqual(expect.stringContaining(`Pair ${first?.id} (“A template of ${first?.id}”)`));
    expect(result.steps).toBe(1);
    const refused = pairs.map(refusedByStrictModel);
    await expect(runIn(root, refused, { latent: null, steps: 1 }, undefined, modelDir)).rejects.toThrow(
      `Pair ${first?.id}`,
    );
  });

  it('trains LPC in two stages from near ln 2 + λ·KL, and reports the prior’s accuracy', async () => {
    const run = await runIn(root, politePairs(40), { learningRate: 3e-3, evaluateEvery: 10 });
    const { steps, evaluations } = run;
    const first = steps[0] as StepFrame;
    // The codebook is small but not zero: z moves log-probabilities a little.
    expect(Math.abs(first.loss - LATENT.klWeight * first.kl - Math.LN2)).toBeLessThan(0.05);
    expect(steps).toHaveLength(30);
    expect(steps.map(({ stage }) => stage).filter((stage) => stage === 'heads')).toHaveLength(15);
    expect(steps[14]?.stage).toBe('heads');
    expect(steps[15]?.stage).toBe('all');
    expect([first.g, steps.at(-1)?.g]).toEqual([0, 1]);
    expect(mean(losses(steps.slice(-5)))).toBeLessThan(mean(losses(steps.slice(0, 5))) - 0.1);

    expect(evaluations.map(({ step }) => step)).toEqual([10, 20, 30]);
    const results = await readResults(run);
    const last = evaluations.at(-1);
    expect(last?.pairs).toBe(results.length);
    expect(last?.accuracy).toBeCloseTo(
      results.filter(({ margin }) => margin > 0).length / results.length,
      12,
    );
    expect(last?.margin).toBeCloseTo(mean(results.map(({ margin }) => margin)), 12);
    for (const { margin, rewardChosen, rewardRejected } of results) {
      expect(margin).toBeCloseTo(rewardChosen - rewardRejected, 4);
    }
    expect(last?.codePerplexity).toBeGreaterThanOrEqual(1);
    expect(last?.codePerplexity).toBeLessThanOrEqual(8);
    expect(last?.nmiSource).toBeNull();
    // The newest and the one before it.
    const folders = await readdir(join(run.job.runDir, 'checkpoints'));
    expect(folders.filter((name) => name.startsWith('last-')).sort()).toEqual(['last-000020', 'last-000030']);
  });

  it('keeps held-out prompts out of training', async () => {
    const run = await runIn(root, politePairs(40), { latent: null, steps: 1 });
    const heldOut = new Set(JSON.parse(await readFile(run.result.heldOutPath, 'utf8')) as string[]);
    const pairs = await readPairs(run.job.datasetPath);
    const results = await readResults(run);
    expect(heldOut.size).toBeGreaterThan(0);
    expect(results.map(({ pairId }) => pairId).sort()).toEqual(
      pairs
        .filter(({ promptId }) => heldOut.has(promptId))
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('gives the same losses and the same checkpoint for the same seed, others for another', async () => {
    const pairs = politePairs(20);
    const first = await runIn(root, pairs, { steps: 6 });
    const second = await runIn(root, pairs, { steps: 6 });
    const other = await runIn(root, pairs, { steps: 6, seed: 2 });
    expect(losses(second.steps)).toEqual(losses(first.steps));
    expect(losses(other.steps)).not.toEqual(losses(first.steps));
    const hash = ({ frames }: FinishedRun) =>
      framesOf(frames, 'checkpoint').find(({ kind }) => kind === 'last')?.sha256;
    expect(hash(second)).toBe(hash(first));
    expect(hash(other)).not.toBe(hash(first));
  });

  it('fits one pair to a margin beyond 5', async () => {
    const { steps } = await runIn(root, politePairs(1), {
      latent: null,
      steps: 30,
      learningRate: 1e-2,
      schedule: 'constant',
      heldOutShare: 0,
    });
    expect(steps.at(-1)?.margin).toBeGreaterThan(5);
    expect(steps.at(-1)?.accuracy).toBe(1);
  });

  it('reads references off the hidden states that heads train on, in one pass through the backbone', async () => {
    const pairs = politePairs(12);
    const settings = { steps: 12, tokenBudget: 192 } as const;
    const cached = await runIn(root, pairs, { ...settings, trainable: 'heads' });
    const plain = await runIn(root, pairs, { ...settings, trainable: 'lora', headsFirst: 0 });
    const linesOf = async ({ job }: FinishedRun) => {
      const folder = join(job.cacheDir, 'reference');
      const [file] = await readdir(folder);
      const lines = (await readFile(join(folder, file as string), 'utf8')).trim().split('\n');
      return new Map(lines.map((line) => [JSON.parse(line)[0], JSON.parse(line).slice(1)] as const));
    };
    expect(await readdir(join(cached.job.cacheDir, 'states'))).not.toEqual([]);
    const [fromStates, fromRows] = [await linesOf(cached), await linesOf(plain)];
    expect([...fromStates.keys()].sort()).toEqual([...fromRows.keys()].sort());
    for (const [key, [chosen, rejected]] of fromRows) {
      expect(fromStates.get(key)?.[0]).toBeCloseTo(chosen, 3);
      expect(fromStates.get(key)?.[1]).toBeCloseTo(rejected, 3);
    }
  });

  it('computes reference log-probabilities once', async () => {
    const pairs = politePairs(8);
    const run = await runIn(root, pairs, { latent: null, steps: 1 });
    const references = (frames: FinishedRun['frames']) =>
      framesOf(frames, 'phase').filter(({ phase }) => phase === 'reference');
    expect(references(run.frames).length).toBeGreaterThan(0);
    const cacheFiles = await readdir(join(run.job.cacheDir, 'reference'));
    expect(cacheFiles).toHaveLength(1);
    const lines = (await readFile(join(run.job.cacheDir, 'reference', cacheFiles[0]!), 'utf8')).trim();
    expect(lines.split('\n')).toHaveLength(8);
    const { train } = await import('./train.ts');
    const frames = [];
    for await (const frame of train(run.job, new AbortController().signal)) frames.push(frame);
    expect(references(frames)).toEqual([]);
    expect(losses(framesOf(frames, 'step'))).toEqual(losses(run.steps));
  });

  it('ends within a row of a step of many', async () => {
    const pairs = politePairs(20);
    const settings = { steps: 3, headsFirst: 0, accumulation: 400, latent: null, heldOutShare: 0 };
    const run = await runIn(root, pairs, settings, (frame, own) => {
      if (frame.type === 'phase' && frame.phase === 'compile' && frame.done === 2)
        setTimeout(() => own.abort(), 20);
    });
    expect(run.result).toMatchObject({ stopped: true, steps: 0 });
    expect(run.steps).toEqual([]);
  });

  it('keeps a complete checkpoint with moments when stopped in the middle', async () => {
    const run = await runIn(root, politePairs(20), { steps: 1000, headsFirst: 0 }, (frame, stop) => {
      if (frame.type === 'step' && frame.step === 4) stop.abort();
    });
    expect(run.result).toMatchObject({ stopped: true, steps: 4 });
    expect(run.evaluations.at(-1)?.step).toBe(4);
    await verifyFolder(run.result.checkpointDir);
    const { config, trained } = await readCheckpoint(run.result.checkpointDir);
    expect(config.step).toBe(4);
    const moments = await readOptimiser(run.result.checkpointDir);
    const names = Object.keys(trained);
    expect(names).toContain('codebook');
    expect(Object.keys(moments).sort()).toEqual(
      names.flatMap((name) => [`adam.m.${name}`, `adam.v.${name}`]).sort(),
    );
    const folders = await readdir(join(run.job.runDir, 'checkpoints'));
    expect(folders.filter((name) => name.endsWith(PARTIAL_SUFFIX))).toEqual([]);
    expect(folders.sort()).toEqual(['best-000004', 'last-000004']);
  });

  it('ends with an untrained checkpoint when stopped before the first step', async () => {
    const run = await runIn(root, politePairs(8), {}, (frame, stop) => {
      if (frame.type === 'engine') stop.abort();
    });
    expect(run.result).toMatchObject({ stopped: true, steps: 0 });
    await verifyFolder(run.result.checkpointDir);
  });

  it('stops at the first number that is not finite and says where', async () => {
    const warnings: string[] = [];
    const settings = {
      latent: null,
      learningRate: 1e38,
      schedule: 'constant' as const,
      warmupSteps: 0,
      clipNorm: 0,
      steps: 20,
    };
    const run = runIn(root, politePairs(12), settings, (frame) => {
      if (frame.type === 'warning') warnings.push(frame.code);
    });
    await expect(run).rejects.toThrow(/Training broke down at step \d+: (loss|gradNorm|margin) is/);
    await expect(run).rejects.toBeInstanceOf(FacetError);
    expect(warnings).toContain('not-finite');
  });

  it('says what is wrong with its input before it trains', async () => {
    await expect(runIn(root, politePairs(2), { latent: null, trainable: 'heads' })).rejects.toThrow(
      /train nothing/,
    );
    const bad = [...politePairs(2), { ...politePairs(3)[2]!, chosen: '' }];
    await expect(runIn(root, bad, {})).rejects.toMatchObject({
      failure: { code: 'dataset.unreadable-row', where: { row: 3, field: 'chosen' } },
    });
  });
});
