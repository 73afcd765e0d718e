import { execFile } from 'node:child_process';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot, softwareAdapterEnvironment } from '#compute/engines/testSoftwareAdapter.ts';
import { createEngine } from '#compute/index.ts';
import { DEFAULT_SAMPLING } from '#core/generation.ts';
import type { GenerateResult, PairResult } from '#core/jobs.ts';
import type { WeightsChoice } from '#core/runConfig.ts';
import { needing } from '#disk/testNeeds.ts';
import { readConstant } from '../backbone/safetensorsRead.ts';
import { writeSafetensors } from '../backbone/safetensorsWrite.ts';
import { largestDifference, storiesDir, storiesMissing } from '../backbone/testModel.ts';
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

const ON_WEBGPU = `
  const { politePairs, runIn, temporaryRoot } = await import('#lpc/train/testRun.ts');
  const { root, remove } = await temporaryRoot();
  const settings = { steps: 3, weights: '4bit', trainable: 'lora', headsFirst: 0, learningRate: 3e-3 };
  const losses = async (engine) =>
    (await runIn(root, politePairs(12), { ...settings, engine })).steps.map(({ loss }) => loss);
  const [here, there] = [await losses('onnx-cpu'), await losses('onnx-webgpu')];
  await remove();
  console.log(JSON.stringify({ here, there }));
`;

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

  it('have the same values on an engine that holds them in floats, which is said', async () => {
    const settings = { steps: 3, weights: '4bit', trainable: 'lora', headsFirst: 0 } as const;
    const pairs = politePairs(12);
    const [packed, wide] = [
      await runIn(root, pairs, settings),
      await runIn(root, pairs, { ...settings, engine: 'tfjs-wasm' }),
    ];
    for (const [at, { loss }] of packed.steps.entries())
      expect(Math.abs(loss - (wide.steps[at]?.loss ?? Number.NaN))).toBeLessThan(1e-3);
    const codes = ({ frames }: FinishedRun) => framesOf(frames, 'warning').map(({ code }) => code);
    expect(codes(wide)).toContain('weights-widened');
    expect(codes(packed)).not.toContain('weights-widened');
  });

  it('train with the same losses on WebGPU, on a card or a software adapter', async ({ skip }) => {
    const found = await createEngine('onnx-webgpu');
    if (found.ok) await found.value.engine.dispose();
    const software = found.ok ? {} : softwareAdapterEnvironment();
    if (software === null) return skip('no adapter, and no SwiftShader in the Electron runtime');
    // Drivers are found at a process's start.
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', ON_WEBGPU], {
      cwd: repositoryRoot,
      env: { ...process.env, ...software },
    });
    const { here, there } = JSON.parse(stdout) as Record<'here' | 'there', number[]>;
    expect(there).toHaveLength(3);
    expect(largestDifference(here, there)).toBeLessThan(1e-3);
    expect(Math.abs(there[0]! - there[2]!)).toBeGreaterThan(1e-3);
  });

  it('are refused where they are to be trained', async () => {
    const pairs = politePairs(12);
    await expect(runIn(root, pairs, { steps: 1, weights: '4bit', trainable: 'full' })).rejects.toThrow(
      /nothing to train/,
    );
  });
});
