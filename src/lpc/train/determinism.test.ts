import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashFile } from '#disk/hash.ts';
import { needing } from '#disk/testNeeds.ts';
import { storiesMissing } from '../backbone/testModel.ts';
import { LATENT, politePairs, runIn, temporaryRoot } from './testRun.ts';

const STEPS = 200;
let root = '';
let remove: () => Promise<void> = async () => undefined;
beforeAll(async () => {
  ({ root, remove } = await temporaryRoot());
});
afterAll(() => remove());

/** Hashes of the weight files of the last checkpoint: what was trained, and the optimiser's moments. */
async function weightsAfter(): Promise<Record<string, string>> {
  const { result, steps } = await runIn(root, politePairs(12), {
    steps: STEPS,
    latent: { ...LATENT, codebookInitStd: 0.3 },
    loraDropout: 0.1,
    tokenBudget: 96,
    maxPromptTokens: 24,
    maxReplyTokens: 24,
  });
  // A run that learnt nothing would be repeated to the bit as well.
  expect(steps.at(-1)?.loss).toBeLessThan(steps[0]?.loss ?? 0);
  const files = (await readdir(result.checkpointDir)).filter((name) => name.endsWith('.safetensors'));
  const hashes = await Promise.all(files.map((name) => hashFile(join(result.checkpointDir, name))));
  return Object.fromEntries(files.map((name, index) => [name, hashes[index] as string]));
}

describe('training on stories260K', needing(storiesMissing), () => {
  it(`gives bit-identical weights when ${STEPS} steps are repeated on onnx-cpu`, async () => {
    const first = await weightsAfter();
    expect(Object.keys(first).length).toBeGreaterThan(0);
    expect(await weightsAfter()).toEqual(first);
  }, 180_000);
});
