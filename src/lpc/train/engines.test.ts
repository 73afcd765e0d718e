import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

const STEPS = 20;
const SETTINGS: Record<string, Partial<RunConfig>> = {
  full: { trainable: 'full', headsFirst: 0, learningRate: 1e-4 },
  'LoRA after heads': { trainable: 'lora', headsFirst: 0.5 },
  'heads only': { trainable: 'heads', latent: { ...LATENT, batchEntropyBonus: 0.1 } },
  'z in the layers, LoRA with dropout, two rows a step': {
    steps: 6,
    trainable: 'lora',
    loraTargets: ['v_proj'],
    loraDropout: 0.3,
    accumulation: 2,
    latent: { ...LATENT, injection: 'layers', finalTemperature: 0.5, freeBits: 0.01, inference: 'sample' },
  },
  'a Gaussian latent': {
    steps: 6,
    trainable: 'heads',
    latent: { ...LATENT, kind: 'gaussian', klWarmupSteps: 5 },
  },
};

describe('compiled and eager steps on stories260K', needing(storiesMissing), () => {
  for (const [name, changed] of Object.entries(SETTINGS)) {
    it(`agree in the loss of every step: ${name}`, async () => {
      const short = { steps: STEPS, ...changed, tokenBudget: 96, maxPromptTokens: 24, maxReplyTokens: 24 };
      const compiled = await runIn(root, politePairs(8), { ...short, engine: 'onnx-cpu' });
      const eager = await runIn(root, politePairs(8), { ...short, engine: 'tfjs-wasm' });
      expect(eager.steps).toHaveLength(short.steps);
      const differences = compiled.steps.map(
        ({ loss }, index) => Math.abs(loss - (eager.steps[index]?.loss ?? Number.NaN)) / loss,
      );
      expect(Math.max(...differences)).toBeLessThan(1e-4);
      // The losses moved: agreement over a run that stands still would show nothing.
      expect(Math.abs((compiled.steps.at(-1)?.loss ?? 0) - (compiled.steps[0]?.loss ?? 0))).toBeGreaterThan(
        1e-3,
      );
      const [a, b] = [compiled.evaluations.at(-1), eager.evaluations.at(-1)];
      expect(Math.abs((a?.loss ?? 0) - (b?.loss ?? 1))).toBeLessThan(1e-4);
      expect(b?.accuracy).toBe(a?.accuracy);
    });
  }
});
