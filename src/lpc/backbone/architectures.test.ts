/** Each architecture, with LoRA gradients, against transformers (PyTorch) and mlx-lm. */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Constant, NamedData, NamedTensors, Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { unwrap } from '#core/result.ts';
import { type BackboneConfig, parseConfig } from './config.ts';
import type { JsonObject } from './files.ts';
import { type BackboneRow, backboneHidden } from './llama.ts';
import { targetLogProbabilities } from './logProbabilities.ts';
import { openModelFolder } from './modelFolder.ts';
import { linear } from './ops.ts';
import { goldenDir, largestDifference, runOnce } from './testModel.ts';
import type { Adapter } from './trained.ts';
import { lmHeadName, weightShapes } from './weightNames.ts';

const TOLERANCE = 1e-4;

/** One sequence as a row. */
const rowOf = (ids: readonly number[]): NamedData => ({
  tokens: Int32Array.from(ids),
  positions: Int32Array.from(ids.keys()),
  pairOf: new Int32Array(ids.length),
  branch: new Int32Array(ids.length),
  targets: Int32Array.from(ids.slice(1)),
});

function outputsOf(config: BackboneConfig, row: NamedTensors, tensors: NamedTensors, adapter?: Adapter) {
  const weight = (name: string): Tensor => tensors[name] as Tensor;
  const hidden = backboneHidden(config, weight, row as unknown as BackboneRow, adapter);
  const predicting = tf.slice(hidden, [0, 0], [(hidden.shape[0] as number) - 1, config.hiddenSize]);
  const head = weight(lmHeadName(config));
  return {
    hidden,
    logits: linear(hidden, head),
    logProbabilities: targetLogProbabilities(predicting, head, row.targets as Tensor, {
      weightTrained: false,
    }),
  };
}

interface LoraGolden {
  readonly rank: number;
  readonly scale: number;
  readonly loss: number;
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

/** The formula of make_adapters.py and make_models.py. */
function constantOf(name: string, shape: readonly number[]): Constant {
  const phase =
    [...name].reduce((value, character) => (value * 31 + character.charCodeAt(0)) % 9973, 0) / 997;
  const centre = name.endsWith('norm.weight') ? 1 : 0;
  const count = shape.reduce((product, size) => product * size, 1);
  const data = Float32Array.from(
    { length: count },
    (_, index) => centre + 0.35 * Math.sin(1.7 * index + phase * (1 + index / 7)),
  );
  return { spec: { shape, dtype: 'float32' }, source: { kind: 'data', data } };
}
const constantsOf = (shapes: Readonly<Record<string, readonly number[]>>): Record<string, Constant> =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, constantOf(name, shape)]));

/** The loss with adapters on the base weights, and the adapters' gradients. */
async function expectLora(
  config: BackboneConfig,
  ids: readonly number[],
  base: Readonly<Record<string, Constant>>,
  { rank, scale, loss: goldenLoss, gradients }: LoraGolden,
): Promise<void> {
  const names = Object.keys(gradients);
  const shapes = Object.fromEntries(
    names.map((name) => {
      const size = gradients[name]!.length / rank;
      return [name, name.endsWith('.a') ? [rank, size] : [size, rank]];
    }),
  );
  const tuned = await runOnce('onnx-cpu', rowOf(ids), { ...base, ...constantsOf(shapes) }, (row, weights) => {
    const loss = (...trained: Tensor[]): Tensor => {
      const own = new Map(names.map((name, index) => [name, trained[index] as Tensor]));
      const adapter: Adapter = {
        scale,
        has: (target) => own.has(`lora.${target}.a`),
        a: (target) => own.get(`lora.${target}.a`) as Tensor,
        b: (target) => own.get(`lora.${target}.b`) as Tensor,
      };
      return tf.neg(tf.mean(outputsOf(config, row, weights, adapter).logProbabilities));
    };
    const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => weights[name] as Tensor));
    return { loss: value, ...Object.fromEntries(names.map((name, index) => [name, grads[index] as Tensor])) };
  });
  expect(Math.abs(tuned.loss![0]! - goldenLoss)).toBeLessThan(TOLERANCE);
  for (const name of names) {
    expect(largestDifference(tuned[name]!, gradients[name]!), name).toBeLessThan(TOLERANCE);
  }
}

describe('transformers', () => {
  interface Golden {
    readonly ids: readonly number[];
    readonly hidden: readonly number[];
    readonly lastLogits: readonly number[];
    readonly logProbabilities: readonly number[];
    readonly loss: number;
    readonly lora: LoraGolden;
  }
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'facet-architecture-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it.each(readdirSync(join(goldenDir, 'models')))('%s', async (name) => {
    const from = join(goldenDir, 'models', name);
    for (const file of readdirSync(from)) copyFileSync(join(from, file), join(dir, file));
    writeFileSync(join(dir, 'tokenizer.json'), '{}');
    const { config, tensors, info } = unwrap(await openModelFolder(dir));
    expect(info.dtype).toBe(/bf16|f16/.exec(name)?.[0].toUpperCase() ?? 'F32');
    const golden = JSON.parse(readFileSync(join(from, 'golden.json'), 'utf8')) as Golden;
    for (const engine of ['onnx-cpu', 'tfjs-cpu'] as const) {
      const outputs = await runOnce(engine, rowOf(golden.ids), tensors, (row, weights) =>
        outputsOf(config, row, weights),
      );
      expect(largestDifference(outputs.hidden!, golden.hidden)).toBeLessThan(TOLERANCE);
      expect(largestDifference(outputs.logits!.slice(-config.vocabulary), golden.lastLogits)).toBeLessThan(
        TOLERANCE,
      );
      expect(largestDifference(outputs.logProbabilities!, golden.logProbabilities)).toBeLessThan(TOLERANCE);
      const total = Array.from(outputs.logProbabilities!).reduce((sum, value) => sum + value, 0);
      expect(Math.abs(-total / (golden.ids.length - 1) - golden.loss)).toBeLessThan(TOLERANCE);
    }
    await expectLora(config, golden.ids, tensors, golden.lora);
  });
});

describe('mlx-lm, with LoRA gradients', () => {
  interface Case {
    readonly config: JsonObject;
    readonly shapes: Readonly<Record<string, readonly number[]>>;
    readonly lastHidden: readonly number[];
    readonly lastLogits: readonly number[];
    readonly logProbabilities: readonly number[];
    readonly loraLoss: number;
    readonly loraGradients: Readonly<Record<string, readonly number[]>>;
  }
  const { tokens, rank, scale, cases } = JSON.parse(
    readFileSync(join(goldenDir, 'adapters.json'), 'utf8'),
  ) as {
    readonly tokens: readonly number[];
    readonly rank: number;
    readonly scale: number;
    readonly cases: Readonly<Record<string, Case>>;
  };

  it.each(Object.entries(cases))('%s', async (_, golden) => {
    const config = parseConfig(golden.config, 'config.json');
    const shapes = weightShapes(config);
    expect(shapes).toEqual(golden.shapes);
    const base = await runOnce('onnx-cpu', rowOf(tokens), constantsOf(shapes), (row, weights) =>
      outputsOf(config, row, weights),
    );
    expect(largestDifference(base.hidden!.slice(-config.hiddenSize), golden.lastHidden)).toBeLessThan(
      TOLERANCE,
    );
    expect(largestDifference(base.logits!.slice(-config.vocabulary), golden.lastLogits)).toBeLessThan(
      TOLERANCE,
    );
    expect(largestDifference(base.logProbabilities!, golden.logProbabilities)).toBeLessThan(TOLERANCE);

    const lora = { rank, scale, loss: golden.loraLoss, gradients: golden.loraGradients };
    await expectLora(config, tokens, constantsOf(shapes), lora);
  });
});
