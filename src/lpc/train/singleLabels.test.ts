/** KTO: from pairs, from labels of single replies, and with a latent where its form allows. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PreferencePair } from '#core/preference.ts';
import type { RunConfig } from '#core/runConfig.ts';
import { needing } from '#disk/testNeeds.ts';
import { storiesMissing } from '../backbone/testModel.ts';
import { LATENT, politePairs, runIn, temporaryRoot } from './testRun.ts';

let root = '';
let remove: () => Promise<void> = async () => undefined;
beforeAll(async () => {
  ({ root, remove } = await temporaryRoot());
});
afterAll(() => remove());

const PAIRS = politePairs(storiesMissing === null ? 16 : 0);
/** The chosen reply of every other pair as a good one, the rejected one of the others as a bad one. */
const SINGLES: PreferencePair[] = PAIRS.map((pair, place) =>
  place % 2 === 0
    ? { ...pair, id: `single-${pair.id}`, rejected: '', single: 'chosen' }
    : { ...pair, id: `single-${pair.id}`, chosen: '', single: 'rejected' },
);
const WITHOUT_PAIRS = { ...LATENT, posterior: 'none', priorShare: 'prior-only' } as const;

const kto = (pairs: readonly PreferencePair[], changed: Partial<RunConfig> = {}) =>
  runIn(root, pairs, {
    objective: 'kto',
    latent: null,
    steps: 20,
    beta: 0.5,
    batchPairs: 6,
    tokenBudget: 384,
    warmupSteps: 0,
    headsFirst: 0,
    learningRate: 5e-3,
    schedule: 'constant',
    heldOutShare: 0.25,
    ...changed,
  });

describe('KTO on stories260K', needing(storiesMissing), () => {
  it('begins at 1/2 on pairs, learns, and measures held-out pairs as pairs', async () => {
    const run = await kto(PAIRS);
    expect(run.steps[0]?.loss).toBeCloseTo(0.5, 5);
    expect(run.steps.at(-1)?.loss).toBeLessThan(0.49);
    const held = (await readFile(run.result.pairResultsPath, 'utf8')).trim().split('\n');
    expect(held).toHaveLength(run.evaluations.at(-1)?.pairs ?? -1);
  });

  it('learns from single labels alone, weighed, and measures each against the reference point', async () => {
    const run = await kto(SINGLES, { desirableWeight: 2, undesirableWeight: 0.5 });
    const first = run.steps[0];
    // What the row holds decides how the two weights mix.
    expect(first?.loss).toBeGreaterThanOrEqual(0.25);
    expect(first?.loss).toBeLessThanOrEqual(1.0001);
    expect(run.steps.every(({ loss, margin }) => Number.isFinite(loss) && Number.isFinite(margin))).toBe(
      true,
    );
    expect(run.evaluations.at(-1)?.pairs).toBeGreaterThan(0);
    expect((await readFile(run.result.pairResultsPath, 'utf8')).trim()).toBe('');
  });

  it('lets z into all three replies, heads alone over known states and with adapters', async () => {
    for (const trainable of ['heads', 'lora'] as const) {
      const run = await kto([...PAIRS, ...SINGLES], { trainable, headsFirst: 0.5, latent: WITHOUT_PAIRS });
      expect(run.steps[0]?.loss).toBeCloseTo(0.5, 2);
      expect(run.steps.at(-1)?.margin).toBeGreaterThan(run.steps[0]?.margin as number);
    }
  });

  it.each([
    ['train.single-labels', SINGLES, { objective: 'dpo' }],
    ['train.single-labels-posterior', SINGLES, { latent: LATENT }],
    ['train.directions-without-pairs', SINGLES, { latent: { ...WITHOUT_PAIRS, codeDirections: 4 } }],
    [
      'train.one-prompt',
      PAIRS.map((pair) => ({ ...pair, messages: PAIRS[0]?.messages ?? [] })),
      { heldOutShare: 0 },
    ],
    ['config.nll-of-singles', PAIRS, { nllWeight: 1 }],
  ] as const)('refuses what its form does not allow: %s', async (code, pairs, changed) => {
    await expect(kto(pairs, changed as Partial<RunConfig>)).rejects.toMatchObject({ failure: { code } });
  });
});

describe('steps by pairs on stories260K', needing(storiesMissing), () => {
  const steps = async (tokenBudget: number, changed: Partial<RunConfig> = {}) => {
    const settings = { objective: 'dpo', batchPairs: 5, tokenBudget, steps: 4, ...changed } as const;
    return (await kto(PAIRS, settings)).steps;
  };

  it('hold so many pairs, however they are packed, and give the same step', async () => {
    const [small, large] = [await steps(144), await steps(768)];
    // Fourteen pairs are trained on: a pass is 5, 5 and 4.
    expect(small.map(({ pairs }) => pairs)).toEqual([5, 5, 4, 5]);
    expect(large.map(({ pairs }) => pairs)).toEqual([5, 5, 4, 5]);
    for (const [place, { loss, gradNorm }] of small.entries()) {
      expect(loss).toBeCloseTo(large[place]?.loss as number, 3);
      // AdamW's first updates have the size of the rate whatever the gradient's, and tell its last digits apart.
      if (place === 0) expect(gradNorm / (large[place]?.gradNorm as number)).toBeCloseTo(1, 4);
    }
  });

  it('are counted in epochs', async () => {
    expect(await steps(256, { epochs: 2 })).toHaveLength(6);
  });
});
