/** A reference of its own: what is swapped changes sign, what is the same is nothing, and scores say what the run saw. */
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PairResult } from '#core/jobs.ts';
import type { RunConfig } from '#core/runConfig.ts';
import { needing } from '#disk/testNeeds.ts';
import { readConstant } from '../backbone/safetensorsRead.ts';
import { writeSafetensors } from '../backbone/safetensorsWrite.ts';
import { storiesDir, storiesMissing } from '../backbone/testModel.ts';
import { starterDir } from '../export/testExport.ts';
import { runJob } from '../jobs/runJob.ts';
import { openModel } from './prepare.ts';
import { type FinishedRun, framesOf, politePairs, runIn, temporaryRoot } from './testRun.ts';

let root = '';
let other = '';
let remove: () => Promise<void> = async () => undefined;
beforeAll(async () => {
  ({ root, remove } = await temporaryRoot());
  if (storiesMissing !== null) return;
  other = join(root, 'other');
  await cp(storiesDir, other, { recursive: true });
  const { model } = await openModel(storiesDir);
  const tensors = await Promise.all(
    Object.entries(model.tensors).map(async ([name, constant]) => {
      const data = await readConstant(constant);
      return [
        name,
        { shape: constant.spec.shape, data: data.map((value, at) => value * (1 + (at % 7) / 50)) },
      ];
    }),
  );
  await writeSafetensors(join(other, 'model.safetensors'), Object.fromEntries(tensors));
});
afterAll(() => remove());

// Every pair in one row, nothing held out, plain DPO: the first step's margins are the models' alone.
const PLAIN: Partial<RunConfig> = {
  latent: null,
  trainable: 'lora',
  steps: 1,
  heldOutShare: 0,
  tokenBudget: 4096,
  beta: 0.2,
};
const pairs = () => politePairs(12);
const run = (changed: Partial<RunConfig>, modelDir: string): Promise<FinishedRun> =>
  runIn(root, pairs(), { ...PLAIN, ...changed }, undefined, modelDir);

const resultsIn = async (path: string): Promise<PairResult[]> =>
  (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PairResult);

describe('a reference model', needing(storiesMissing), () => {
  it('turns every margin round where the two models change places, and is nothing to itself', async () => {
    const [there, back, same, none] = [
      await run({ referenceModel: other }, storiesDir),
      await run({ referenceModel: storiesDir }, other),
      await run({ referenceModel: storiesDir }, storiesDir),
      await run({}, storiesDir),
    ].map(({ steps }) => steps[0]!);
    expect(Math.abs(there!.margin)).toBeGreaterThan(0.01);
    expect(there!.margin).toBeCloseTo(-back!.margin, 3);
    expect(there!.rewardChosen).toBeCloseTo(-(back!.rewardChosen ?? Number.NaN), 3);
    expect(same!.loss).toBeCloseTo(Math.LN2, 5);
    expect(same!.loss).toBeCloseTo(none!.loss, 6);
  });

  it('is what scores of the run compare with too', async () => {
    const finished = await run({ referenceModel: other, heldOutShare: 0.5 }, storiesDir);
    const { modelDir, cacheDir, datasetPath } = finished.job;
    const checkpointDir = framesOf(finished.frames, 'checkpoint').at(-1)!.path;
    const outputPath = join(root, 'scores.jsonl');
    const job = { modelDir, checkpointDir, datasetPath, outputPath, cacheDir, engine: 'onnx-cpu' } as const;
    await runJob({ kind: 'score', ...job }, () => undefined, new AbortController().signal);
    const scored = new Map((await resultsIn(outputPath)).map((result) => [result.pairId, result]));
    const heldOut = await resultsIn(finished.result.pairResultsPath);
    expect(heldOut.length).toBeGreaterThan(3);
    for (const { pairId, margin } of heldOut)
      expect(scored.get(pairId)?.margin).toBeCloseTo(margin ?? Number.NaN, 4);
    expect(heldOut.some(({ margin }) => Math.abs(margin ?? 0) > 0.05)).toBe(true);
  });

  it('is refused where its token ids mean other texts', async () => {
    await expect(run({ referenceModel: starterDir }, storiesDir)).rejects.toThrow(/another tokenizer/);
  });
});
