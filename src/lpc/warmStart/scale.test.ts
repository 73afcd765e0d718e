/** LPC in chosen directions depends neither on a model's width nor on the scale of its states and its vocabulary. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { factorPairs } from '#core/factors/generate.ts';
import { runAgain } from '../train/testRun.ts';
import { jobFor, type Scales, SMALL_ROBUST, scaledModel } from './testScaled.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'facet-scale-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const PAIRS = factorPairs({
  arrangement: 'opposed',
  factors: 2,
  cueStrength: 1,
  labelNoise: 0,
  // Some hundreds: on fewer, what folds choose is chance, and two models that are hardly apart get different codes.
  pairs: 320,
  seed: 5,
}).map(({ pair }) => pair);

async function runOn(scales: Scales) {
  const folder = await mkdtemp(join(root, 'run-'));
  return runAgain(await jobFor(folder, await scaledModel(folder, scales), PAIRS, SMALL_ROBUST));
}

const FACTORS = [1, 0.1, 10];
const ALL = FACTORS.flatMap((hidden) => FACTORS.map((vocabulary) => [hidden, vocabulary] as const));
// Both at once are the furthest from plain.
const BOTH = ALL.filter(([hidden, vocabulary]) => hidden === vocabulary);

describe.each([
  [64, ALL],
  [256, BOTH],
  [1024, BOTH],
] as const)('the robust preset on a random model of width %i', (width, scales) => {
  it('begins at ln 2, keeps codes apart, and goes the same way whatever the scales', async () => {
    const [, ...others] = scales;
    const plain = await runOn({ width, hidden: 1, vocabulary: 1 });
    const losses = plain.steps.map(({ loss }) => loss);
    expect(Math.abs((losses[0] as number) - Math.LN2)).toBeLessThan(0.02);
    expect(plain.evaluations.at(-1)?.codesInUse).toBeGreaterThan(1);
    for (const [hidden, vocabulary] of others) {
      const scaled = await runOn({ width, hidden, vocabulary });
      const ratios = scaled.steps.map(({ loss }, step) => loss / (losses[step] as number));
      const furthest = Math.max(...ratios.map((ratio) => Math.abs(ratio - 1)));
      expect(furthest, `hidden × ${hidden}, vocabulary × ${vocabulary}`).toBeLessThan(0.05);
    }
  }, 600_000);
});
