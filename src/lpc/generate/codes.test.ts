import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROBUST_RUN } from '#core/presets.ts';
import type { LatentConfig } from '#core/runConfig.ts';
import { needing } from '#disk/testNeeds.ts';
import { storiesDir, storiesMissing } from '../backbone/testModel.ts';
import { LATENT, politePairs, runIn, temporaryRoot } from '../train/testRun.ts';
import { latentsOf } from './codes.ts';
import { openGenerator } from './generator.ts';

let root = '';
let remove: () => Promise<void> = async () => undefined;
beforeAll(async () => {
  ({ root, remove } = await temporaryRoot());
});
afterAll(() => remove());

const LATENTS: Readonly<Record<string, LatentConfig>> = {
  'of the hidden size': { ...LATENT, codebookInitStd: 0.5, inference: 'argmax' },
  'in chosen directions': {
    ...(ROBUST_RUN.latent as LatentConfig),
    codes: 4,
    promptDirections: 8,
    codeDirections: 8,
    warmStart: false,
    codebookInitStd: 0.5,
    inference: 'argmax',
  },
};

describe('codes that a person chose', needing(storiesMissing), () => {
  it.each(Object.entries(LATENTS))('are the codes of the run: %s', async (_, latent) => {
    const run = await runIn(root, politePairs(24), { trainable: 'heads', latent, steps: 4 });
    const generator = await openGenerator(storiesDir, run.result.checkpointDir, 'onnx-cpu');
    try {
      const state = Float32Array.from({ length: generator.model.config.hiddenSize }, (_, at) => Math.sin(at));
      const known = { seed: 1, sample: 0 };
      const { z, prior } = await latentsOf(generator, state, [{ ...known, codes: { mode: 'prior' } }]);
      const weights = Array.from(prior as Float32Array);
      const strongest = weights.indexOf(Math.max(...weights));
      // By the strongest code alone, as the run says, z is that code: so it must be where a person asks for it.
      const chosen = weights.map((_, code) => (code === strongest ? 2 : 0));
      const asked = await latentsOf(generator, state, [
        { ...known, codes: { mode: 'weights', weights: chosen } },
      ]);
      const [own, same] = [z[0] as Float32Array, asked.z[0] as Float32Array];
      expect(Math.max(...own.map(Math.abs))).toBeGreaterThan(1e-5);
      for (const [at, value] of own.entries()) expect(same[at]).toBeCloseTo(value, 5);
    } finally {
      await generator.dispose();
    }
  });
});
