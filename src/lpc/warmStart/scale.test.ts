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
  pairs: 360,
  seed: 5,
}).map(({ pair }) => pair);

async function runOn(scales: Scales) {
  const folder = await mkdtemp(join(root, 'run-'));
  return runAgain(await jobFor(folder, await scaledModel(folder, scales), PAIRS, SMALL_ROBUST));
}

// Logits ten times as large would be another policy; these leave it as it is, or nearly uniform as it was.
const HIDDEN_SMALL = [0.1, 1] as const;
const VOCABULARY_SMALL = [1, 0.1] as const;

describe.each([
  [64, [HIDDEN_SMALL, [10, 0.1], VOCABULARY_SMALL, [0.1, 10]]],
  [256, [HIDDEN_SMALL, VOCABULARY_SMALL]],
  [1024, [HIDDEN_SMALL]],
] as const)('the robust preset on a random model of width %i', (width, scales) => {
  it('begins at ln 2, keeps codes apart, and goes the same way whatever the scales', async () => {
    const plain = await runOn({ width, hidden: 1, vocabulary: 1 });
    const losses = plain.steps.map(({ loss }) => loss);
    expect(Math.abs((losses[0] as number) - Math.LN2)).toBeLessThan(0.02);
    expect(plain.evaluations.at(-1)?.codesInUse).toBeGreaterThan(1);
    for (const [hidden, vocabulary] of scales) {
      const scaled = await runOn({ width, hidden, vocabulary });
      const ratios = scaled.steps.map(({ loss }, step) => loss / (losses[step] as number));
      const furthest = Math.max(...ratios.map((ratio) => Math.abs(ratio - 1)));
      expect(furthest, `hidden × ${hidden}, vocabulary × ${vocabulary}`).toBeLessThan(0.05);
    }
  }, 600_000);
});
