/** What a run starts from: equal to the model that it was merged into, kept by its checkpoints, and in what they become. */
import { readdirSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tensor } from '#compute/program.ts';
import type { PairResult } from '#core/jobs.ts';
import { unwrap } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import { needing } from '#disk/testNeeds.ts';
import { type BackboneRow, backboneHidden } from '../backbone/llama.ts';
import { openModelFolder } from '../backbone/modelFolder.ts';
import { linear } from '../backbone/ops.ts';
import { readConstant } from '../backbone/safetensorsRead.ts';
import { startedFrom } from '../backbone/startingAdapter.ts';
import { goldenDir, largestDifference, runOnce, storiesDir, storiesMissing } from '../backbone/testModel.ts';
import { lmHeadName } from '../backbone/weightNames.ts';
import { exportJob } from '../jobs/export.ts';
import { runJob } from '../jobs/runJob.ts';
import { openModel } from './prepare.ts';
import { readStart } from './start.ts';
import { type FinishedRun, LATENT, politePairs, runAgain, runIn, temporaryRoot } from './testRun.ts';

let root = '';
let remove: () => Promise<void> = async () => undefined;
/** The earlier run, and what it became. */
let earlier: FinishedRun;
let merged = '';

const PLAIN: Partial<RunConfig> = {
  latent: null,
  trainable: 'lora',
  headsFirst: 0,
  steps: 4,
  learningRate: 5e-3,
  warmupSteps: 0,
};
const pairs = politePairs(storiesMissing === null ? 16 : 0);
const run = (changed: Partial<RunConfig>, modelDir = storiesDir) =>
  runIn(root, pairs, { ...PLAIN, ...changed }, undefined, modelDir);
const startOf = ({ result }: FinishedRun): string => result.checkpointDir;
const losses = ({ steps }: FinishedRun): number[] => steps.map(({ loss }) => loss);

async function exported(of: FinishedRun, format: 'merged' | 'peft', name: string): Promise<string> {
  const outputDir = join(root, name);
  const { modelDir } = of.job;
  const checkpointDir = startOf(of);
  await exportJob({ kind: 'export', modelDir, checkpointDir, format, outputDir, modelCard: '' });
  return outputDir;
}

async function weightsOf(modelDir: string, adapterDir: string | null = null) {
  const { model } = await openModel(modelDir, {}, (opened) =>
    adapterDir === null ? Promise.resolve(null) : readStart(adapterDir, opened, null),
  );
  const entries = Object.entries(model.tensors);
  return Object.fromEntries(
    await Promise.all(entries.map(async ([name, one]) => [name, await readConstant(one)] as const)),
  );
}

function expectEqual(
  one: Readonly<Record<string, Float32Array>>,
  other: Readonly<Record<string, Float32Array>>,
  within: number,
): void {
  for (const [name, values] of Object.entries(one))
    expect(largestDifference(values, other[name]!), name).toBeLessThanOrEqual(within);
}

describe('an adapter of PEFT’s', () => {
  const folder = join(goldenDir, 'starts');
  it.each(readdirSync(folder))('gives the logits of the model that PEFT merges it into: %s', async (name) => {
    const adapter = join(folder, name);
    const { base, ids, moved, lastLogits } = JSON.parse(await readFile(join(adapter, 'golden.json'), 'utf8'));
    const dir = join(root, `golden-${name}`);
    await cp(join(goldenDir, 'models', base), dir, { recursive: true });
    await writeFile(join(dir, 'tokenizer.json'), '{}');
    const opened = unwrap(await openModelFolder(dir));
    const { config, tensors } = startedFrom(opened, await readStart(adapter, opened, null));
    const row = {
      tokens: Int32Array.from(ids),
      positions: Int32Array.from(ids.keys()),
      pairOf: new Int32Array(ids.length),
      branch: new Int32Array(ids.length),
    };
    for (const engine of ['onnx-cpu', 'tfjs-cpu'] as const) {
      const { logits } = await runOnce(engine, row, tensors, (inputs, constants) => {
        const weight = (tensor: string): Tensor => constants[tensor] as Tensor;
        const hidden = backboneHidden(config, weight, inputs as unknown as BackboneRow);
        return { logits: linear(hidden, weight(lmHeadName(config))) };
      });
      expect(largestDifference(logits!.slice(-config.vocabulary), lastLogits)).toBeLessThan(1e-4);
    }
    expect(moved).toBeGreaterThan(1);
  });
});

beforeAll(async () => {
  ({ root, remove } = await temporaryRoot());
  if (storiesMissing !== null) return;
  earlier = await run({ latent: { ...LATENT, codes: 4 }, loraRank: 3, loraAlpha: 6 });
  merged = await exported(earlier, 'merged', 'merged');
}, 60_000);
afterAll(() => remove());

describe('a run that starts from an earlier one', needing(storiesMissing), () => {
  it('trains as on the folder that the earlier one was merged into', async () => {
    const [over, plain, onFolder] = [
      await run({ startFrom: startOf(earlier) }),
      await run({}),
      await run({}, merged),
    ];
    expect(losses(over)[0]).toBeCloseTo(Math.LN2, 5);
    expect(largestDifference(losses(over), losses(onFolder))).toBeLessThan(1e-6);
    expect(largestDifference(losses(over), losses(plain))).toBeGreaterThan(1e-3);
  });

  it.each(['4bit', '8bit'] as const)('holds their sum in %s', async (weights) => {
    const over = await run({ startFrom: startOf(earlier), weights, steps: 2 });
    expect(largestDifference(losses(over), losses(await run({ weights, steps: 2 }, merged)))).toBeLessThan(
      1e-6,
    );
  });

  it('trains all weights from there too', async () => {
    const full = { trainable: 'full', steps: 2, learningRate: 1e-4 } as const;
    const over = await run({ ...full, startFrom: startOf(earlier) });
    expect(largestDifference(losses(over), losses(await run(full, merged)))).toBeLessThan(1e-6);
  });

  it('becomes a merged folder and an adapter of the base model that agree', async () => {
    const over = await run({
      startFrom: startOf(earlier),
      loraTargets: ['q_proj', 'down_proj'],
      loraRank: 2,
    });
    const folder = await weightsOf(await exported(over, 'merged', 'over-merged'));
    const adapter = await exported(over, 'peft', 'over-peft');
    expectEqual(folder, await weightsOf(storiesDir, adapter), 1e-6);
    expect(
      largestDifference(
        folder['model.layers.0.self_attn.q_proj.weight']!,
        (await weightsOf(merged))['model.layers.0.self_attn.q_proj.weight']!,
      ),
    ).toBeGreaterThan(1e-3);
    const config = JSON.parse(await readFile(join(adapter, 'adapter_config.json'), 'utf8'));
    expect([config.r, config.lora_alpha]).toEqual([5, 5]);
    // And the third in a row starts from the second.
    const third = await run({ startFrom: startOf(over), steps: 2 });
    expect(
      largestDifference(losses(third), losses(await run({ steps: 2 }, join(root, 'over-merged')))),
    ).toBeLessThan(1e-5);
  });

  it('is scored, and goes on to the bit, when the earlier one is gone', async () => {
    const copy = join(root, 'copy');
    await cp(startOf(earlier), copy, { recursive: true });
    const heads = { trainable: 'heads', latent: { ...LATENT, codes: 4 }, steps: 3 } as const;
    for (const changed of [{ steps: 4 }, heads]) {
      const whole = await run({ ...changed, startFrom: copy });
      const cut = await runIn(root, pairs, { ...PLAIN, ...changed, startFrom: copy }, (frame, stop) => {
        if (frame.type === 'step' && frame.step === 2) stop.abort();
      });
      await rm(copy, { recursive: true });
      const rest = await runAgain({ ...cut.job, resume: true });
      expect([...losses(cut), ...losses(rest)]).toEqual(losses(whole));

      const { modelDir, cacheDir, datasetPath } = whole.job;
      const outputPath = join(root, `scores-${changed.steps}.jsonl`);
      const score = { modelDir, checkpointDir: startOf(rest), datasetPath, outputPath, cacheDir } as const;
      await runJob(
        { kind: 'score', ...score, engine: 'onnx-cpu' },
        () => undefined,
        new AbortController().signal,
      );
      const rows = async (path: string): Promise<PairResult[]> =>
        (await readFile(path, 'utf8'))
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as PairResult);
      const scored = new Map((await rows(outputPath)).map((result) => [result.pairId, result]));
      for (const { pairId, margin, logpChosen } of await rows(whole.result.pairResultsPath)) {
        expect(scored.get(pairId)!.margin).toBeCloseTo(margin, 4);
        expect(scored.get(pairId)!.logpChosen).toBeCloseTo(logpChosen, 2);
      }
      await cp(startOf(earlier), copy, { recursive: true });
    }
  });

  it('refuses what is none, or another model’s', async () => {
    const failing = (startFrom: string, modelDir = storiesDir) =>
      run({ startFrom }, modelDir).then(
        () => null,
        ({ failure }) => failure.code as string,
      );
    expect(await failing(storiesDir)).toBe('start.nothing-there');
    expect(await failing(startOf(earlier), merged)).toBe('start.other-model');
    const heads = await run({ trainable: 'heads', latent: { ...LATENT, codes: 4 }, steps: 1 });
    expect(await failing(startOf(heads))).toBe('start.no-adapter');
    const adapter = await exported(earlier, 'peft', 'earlier-peft');
    const file = join(adapter, 'adapter_config.json');
    const config = JSON.parse(await readFile(file, 'utf8'));
    for (const changed of [
      { use_dora: true },
      { bias: 'all' },
      { r: 7 },
      { peft_type: 'IA3' },
      { modules_to_save: ['lm_head'] },
      { init_lora_weights: 'pissa' },
    ]) {
      await writeFile(file, JSON.stringify({ ...config, ...changed }));
      expect(await failing(adapter), JSON.stringify(changed)).toBe('start.unsupported-adapter');
    }
  });
});
