import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SAMPLING } from '#core/generation.ts';
import type { GenerateResult, PairResult } from '#core/jobs.ts';
import type { WeightsChoice } from '#core/runConfig.ts';
import { needing } from '#disk/testNeeds.ts';
import { readConstant } from '../backbone/safetensorsRead.ts';
import { writeSafetensors } from '../backbone/safetensorsWrite.ts';
import { storiesDir, storiesMissing } from '../backbone/testModel.ts';
import { runJob } from '../jobs/runJob.ts';
import { openModel } from './prepare.ts';
import { type FinishedRun, framesOf, politePairs, runIn, temporaryRoot } from './testRun.ts';

let root = '';
let remove: () => Promise<void> = async () => undefined;
beforeAll(async () => {
  ({ root, remove } = await temporaryRoot());
});
afterAll(() => remove());

const STEPS = 8;
const settings = { steps: STEPS, headsFirst: 0.25, learningRate: 3e-3 };

/** The same model with its rounded weights in 32 bits. */
async function widened(weights: WeightsChoice): Promise<string> {
  const folder = join(root, `widened-${weights}`);
  await cp(storiesDir, folder, { recursive: true });
  const { model } = await openModel(storiesDir, { weights });
  const tensors = await Promise.all(
    Object.entries(model.tensors).map(async ([name, constant]) => [
      name,
      { shape: constant.spec.shape, data: await readConstant(constant) },
    ]),
  );
  await writeSafetensors(join(folder, 'model.safetensors'), Object.fromEntries(tensors));
  return folder;
}

const pairResults = async ({ result }: FinishedRun): Promise<PairResult[]> =>
  (await readFile(result.pairResultsPath, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PairResult);

async function reply({ frames }: FinishedRun, modelDir: string): Promise<string> {
  const job = {
    kind: 'generate',
    modelDir,
    checkpointDir: framesOf(frames, 'checkpoint').at(-1)?.path ?? '',
    messages: [{ role: 'user', content: 'Tell me of a small dog.' }],
    sampling: { ...DEFAULT_SAMPLING, temperature: 0, maxTokens: 16 },
    samples: 1,
    codes: { mode: 'prior' },
    engine: 'onnx-cpu',
  } as const;
  const result = (await runJob(job, () => undefined, new AbortController().signal)) as GenerateResult;
  return result.replies[0]?.text ?? '';
}

describe('weights held in fewer bits than they are stored in', needing(storiesMissing), () => {
  it.each(['8bit', '4bit'] as const)(
    '%s trains, measures and replies as its values in 32 bits do',
    async (weights) => {
      const modelDir = await widened(weights);
      const pairs = politePairs(16);
      const held = await runIn(root, pairs, { ...settings, weights });
      const wide = await runIn(root, pairs, settings, undefined, modelDir);
      expect(held.steps).toHaveLength(STEPS);
      for (const [at, { loss }] of wide.steps.entries())
        expect(Math.abs(loss - (held.steps[at]?.loss ?? Number.NaN))).toBeLessThan(1e-3);
      const [figures, expected] = [await pairResults(held), await pairResults(wide)];
      expect(figures.map(({ pairId }) => pairId)).toEqual(expected.map(({ pairId }) => pairId));
      for (const [at, { margin }] of expected.entries()) expect(figures[at]?.margin).toBeCloseTo(margin, 2);
      expect(await reply(held, storiesDir)).toBe(await reply(wide, modelDir));
    },
  );

  it('are refused by an engine that would hold them in 32 bits, and where they are to be trained', async () => {
    const pairs = politePairs(12);
    await expect(runIn(root, pairs, { steps: 1, weights: '8bit', engine: 'tfjs-cpu' })).rejects.toThrow(
      /can't hold weights in 4 or 8 bits/,
    );
    await expect(runIn(root, pairs, { steps: 1, weights: '4bit', trainable: 'full' })).rejects.toThrow(
      /nothing to train/,
    );
  });
});
