/** Each setting of the latent and of the loop, on short runs. */

import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PairResult } from '#core/jobs.ts';
import type { LatentConfig, LoraTarget, RunConfig } from '#core/runConfig.ts';
import { needing } from '#disk/testNeeds.ts';
import { storiesMissing } from '../backbone/testModel.ts';
import { readCheckpoint } from './checkpoint.ts';
import { type FinishedRun, framesOf, LATENT, politePairs, runIn, temporaryRoot } from './testRun.ts';

let root = '';
let remove: () => Promise<void> = async () => undefined;
beforeAll(async () => {
  ({ root, remove } = await temporaryRoot());
});
afterAll(() => remove());

const PAIRS = politePairs(storiesMissing === null ? 12 : 0);
const finished = new Map<string, Promise<FinishedRun>>();
/** A short run; the same settings are run once unless `anew`. */
function short(
  latent: Partial<LatentConfig> | null,
  changed: Partial<RunConfig> = {},
  anew = false,
): Promise<FinishedRun> {
  const settings: Partial<RunConfig> = {
    steps: 4,
    trainable: 'heads',
    tokenBudget: 128,
    heldOutShare: 0.3,
    warmupSteps: 0,
    latent: latent && { ...LATENT, ...latent },
    ...changed,
  };
  const key = JSON.stringify(settings);
  const known = anew ? undefined : finished.get(key);
  const run = known ?? runIn(root, PAIRS, settings);
  finished.set(key, run);
  return run;
}
const losses = ({ steps }: FinishedRun) => steps.map(({ loss }) => loss);
const notes = ({ frames }: FinishedRun) => framesOf(frames, 'phase').flatMap(({ note }) => note ?? []);
const resultsOf = async ({ result }: FinishedRun): Promise<PairResult[]> =>
  (await readFile(result.pairResultsPath, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PairResult);
const weightsOf = async ({ result }: FinishedRun) => (await readCheckpoint(result.checkpointDir)).trained;

describe('settings on stories260K', needing(storiesMissing), () => {
  describe('kind of latent', () => {
    it.each(['bias', 'mlp'] as const)(
      '%s starts with z = 0, at ln 2, learns, and has no codes',
      async (kind) => {
        const run = await short({ kind }, { steps: 12, headsLearningRate: 2e-2, schedule: 'constant' });
        expect(run.steps[0]?.loss).toBeCloseTo(Math.LN2, 5);
        expect(run.steps[0]).toMatchObject({
          kl: 0,
          codePerplexity: null,
          topCodeShare: null,
          klWeight: null,
          temperature: null,
        });
        expect(Math.min(...losses(run))).toBeLessThan(0.66);
        expect(run.evaluations.at(-1)).toMatchObject({
          posteriorAccuracy: null,
          swappedAccuracy: null,
          priorPosteriorGap: null,
          kl: 0,
          codePerplexity: null,
          promptEntropy: null,
          topCodeShare: null,
          deadCodes: null,
          nmiSource: null,
          nmiAspect: null,
        });
        const [result] = await resultsOf(run);
        expect(result).toMatchObject({
          posteriorMargin: null,
          swappedMargin: null,
          kl: null,
          prior: null,
          posterior: null,
        });
        const names = Object.keys(await weightsOf(run));
        expect(names.some((name) => name.startsWith('posterior') || name === 'codebook')).toBe(false);
      },
    );

    it('gaussian starts with a KL of 0, has a posterior and no codes', async () => {
      const run = await short({ kind: 'gaussian' }, { steps: 6, headsLearningRate: 1e-2 });
      expect(run.steps[0]?.kl).toBe(0);
      expect(run.steps.at(-1)?.kl).toBeGreaterThan(0);
      const evaluation = run.evaluations.at(-1);
      expect(evaluation).toMatchObject({ codePerplexity: null, nmiSource: null });
      expect(evaluation?.posteriorAccuracy).not.toBeNull();
      expect(evaluation?.priorPosteriorGap).toBeCloseTo(
        (evaluation?.posteriorAccuracy ?? 0) - (evaluation?.accuracy ?? 0),
        12,
      );
      const results = await resultsOf(run);
      expect(results.some(({ swappedMargin, posteriorMargin }) => swappedMargin !== posteriorMargin)).toBe(
        true,
      );
      expect(results[0]?.prior).toBeNull();
    });
  });

  it('injection into the layers starts near the plain loss, trains its maps and moves margins', async () => {
    const run = await short(
      { injection: 'layers', injectionLayers: 2, codebookInitStd: 0.3 },
      { steps: 12, headsLearningRate: 2e-2, schedule: 'constant' },
    );
    const first = run.steps[0];
    expect(Math.abs((first?.loss ?? 0) - 0.05 * (first?.kl ?? 0) - Math.LN2)).toBeLessThan(0.05);
    expect(Math.min(...losses(run))).toBeLessThan((first?.loss ?? 0) - 0.02);
    const names = Object.keys(await weightsOf(run)).filter((name) => name.startsWith('injection'));
    expect(names.sort()).toEqual(['injection.3.weight', 'injection.4.weight']);
    await expect(short({ injection: 'layers', injectionLayers: 6 })).rejects.toMatchObject({
      failure: { code: 'config.injection-layers' },
    });
  });

  describe('remedies', () => {
    it('λ warms up from 0, and free bits make a small KL cost nothing', async () => {
      const warm = await short({ klWarmupSteps: 2, klWeight: 0.5 });
      expect(warm.steps.map(({ klWeight }) => klWeight)).toEqual([0, 0.25, 0.5, 0.5]);
      const none = await short({ klWeight: 0 });
      // At λ = 0 the first loss is the preference alone.
      expect(losses(warm)[0]).toBe(losses(none)[0]);
      expect(losses(warm)[1]).not.toBe(losses(none)[1]);
      const free = await short({ klWeight: 0.5, freeBits: 100 });
      expect(losses(free)).toEqual(losses(none));
      expect(free.steps[0]?.kl).toBe(none.steps[0]?.kl);
    });

    it('τ falls geometrically to its last value', async () => {
      const run = await short({ temperature: 1, finalTemperature: 0.125 });
      run.steps.forEach(({ temperature }, step) => {
        expect(temperature).toBeCloseTo(0.5 ** step, 6);
      });
      expect(losses(run)[3]).not.toBe(losses(await short({}))[3]);
    });

    it('the codebook has a rate of its own', async () => {
      const still = await weightsOf(await short({}, { codebookLearningRate: 1e-30 }));
      const start = await weightsOf(await short({}, { steps: 1, headsLearningRate: 1e-30 }));
      expect([...still.codebook!.data]).toEqual([...start.codebook!.data]);
      expect([...still['prior.output.weight']!.data]).not.toEqual([...start['prior.output.weight']!.data]);
    });

    it('dead codes are re-seeded, and said so, only when asked to', async () => {
      // With as many codes as this, and few prompts, some are below 0.1 %.
      const asked = await short({ codes: 256, reseedDeadEvery: 2 });
      expect(notes(asked).filter((note) => note.includes('re-seeded'))).toEqual([
        expect.stringMatching(/^Step 2: \d+ dead codes re-seeded \(\d+ from \d+/),
      ]);
      expect(losses(asked).slice(0, 2)).toEqual(losses(await short({ codes: 256 })).slice(0, 2));
    });
  });

  describe('inference', () => {
    it('argmax and sample read one code where expectation reads the mixture', async () => {
      const marginsOf = async (run: Promise<FinishedRun>) =>
        (await resultsOf(await run)).map(({ margin }) => margin);
      const expectation = await marginsOf(short({}));
      const argmax = await marginsOf(short({ inference: 'argmax' }));
      const sample = await marginsOf(short({ inference: 'sample' }));
      const again = await marginsOf(short({ inference: 'sample' }, {}, true));
      expect(argmax).not.toEqual(expectation);
      expect(sample).not.toEqual(argmax);
      expect(again).toEqual(sample);
    });
  });

  describe('LoRA', () => {
    const lora = {
      trainable: 'lora' as const,
      headsFirst: 0,
      learningRate: 1e-2,
      schedule: 'constant' as const,
    };
    it('adapts the layers it is asked to', async () => {
      const loraTargets: LoraTarget[] = ['q_proj', 'down_proj'];
      const run = await short(null, { ...lora, loraTargets, steps: 3 });
      const names = Object.keys(await weightsOf(run));
      expect(names).toHaveLength(5 * 2 * 2);
      expect(names.every((name) => /\.(q_proj|down_proj)\.[ab]$/.test(name))).toBe(true);
      expect(losses(run)[2]).toBeLessThan(Math.LN2);
    });
    it('drops out in training alone', async () => {
      const settings = { ...lora, steps: 3, loraTargets: ['q_proj', 'down_proj'] as LoraTarget[] };
      const [plain, dropped] = [
        await short(null, settings),
        await short(null, { ...settings, loraDropout: 0.5 }),
      ];
      // B is zero at first: nothing is dropped from nothing.
      expect(losses(dropped)[0]).toBeCloseTo(losses(plain)[0]!, 6);
      expect(losses(dropped)[2]).not.toBe(losses(plain)[2]);
      const twice = await short(null, { ...settings, loraDropout: 0.5 }, true);
      expect(losses(twice)).toEqual(losses(dropped));
      expect(twice.evaluations).toEqual(dropped.evaluations);
    });
  });

  describe('length of a run', () => {
    it('epochs give the steps', async () => {
      const run = await short({}, { epochs: 2, steps: 1, accumulation: 2 });
      expect(run.steps[0]?.totalSteps).toBe(run.steps.length);
      expect(run.result).toMatchObject({ stopped: false, steps: run.steps.length });
      const heldOut = (await resultsOf(run)).length;
      const pairs = run.steps.map(({ pairs }) => pairs);
      const total = pairs.reduce((sum, count) => sum + count, 0);
      // Two passes, and one step less would not be: the last one may take a row of a third.
      expect(total).toBeGreaterThanOrEqual(2 * (12 - heldOut));
      expect(total - pairs.at(-1)!).toBeLessThan(2 * (12 - heldOut));
    });

    it('ends early when evaluations get no better, and keeps the best', async () => {
      const run = await short(
        {},
        { steps: 40, evaluateEvery: 1, earlyStoppingPatience: 2, headsLearningRate: 1e-30 },
      );
      // Nothing moves: the first evaluation is the best, and two more are no better.
      expect(run.result).toMatchObject({ stopped: false, steps: 3 });
      expect(notes(run)).toContain(
        'Ended early at step 3 of 40: 2 evaluations in a row brought no improvement. The best checkpoint, from step 1, is kept.',
      );
      const best = framesOf(run.frames, 'checkpoint').filter(({ kind }) => kind === 'best');
      expect(best.map(({ step }) => step)).toEqual([1]);
      await readCheckpoint(best[0]!.path);
      const patient = await short(
        {},
        { steps: 4, evaluateEvery: 1, earlyStoppingPatience: 9, headsLearningRate: 1e-30 },
      );
      expect(patient.result.steps).toBe(4);
      await expect(short({}, { earlyStoppingPatience: 1 })).rejects.toMatchObject({
        failure: { code: 'config.no-evaluations' },
      });
    });
  });

  it('keeps codes and swapped margins of every held-out pair', async () => {
    const run = await short({});
    for (const { prior, posterior, swappedMargin } of await resultsOf(run)) {
      expect(prior?.code).toBeLessThan(8);
      expect(prior?.weight).toBeGreaterThanOrEqual(1 / 8);
      expect(posterior?.weight).toBeLessThanOrEqual(1);
      expect(swappedMargin).not.toBeNull();
    }
  });
});
