import { describe, expect, it } from 'vitest';
import type { Constant, NamedTensors, Tensor, TensorData } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { normals } from '#core/random.ts';
import type { LoraTarget } from '#core/runConfig.ts';
import { type BackboneConfig, parseConfig } from './config.ts';
import { type BackboneRow, backboneHidden } from './llama.ts';
import { initLora, loraSpecs, loraTargets } from './lora.ts';
import { largestDifference, runOnce } from './testModel.ts';
import type { Adapter } from './trained.ts';
import { weightShapes, weightSpecs } from './weightNames.ts';

/** Every optional part at once: biases, q/k norm, own head size, untied head. */
const CONFIG: BackboneConfig = {
  ...parseConfig(
    {
      architectures: ['Qwen3ForCausalLM'],
      hidden_size: 12,
      intermediate_size: 20,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      head_dim: 4,
      vocab_size: 24,
      max_position_embeddings: 128,
      rope_scaling: {
        rope_type: 'llama3',
        factor: 4,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: 16,
      },
      attention_bias: true,
    },
    'config.json',
  ),
  mlpBias: true,
};
const RANK = 3;
const ROW = {
  tokens: Int32Array.of(1, 5, 9, 7, 2, 8, 8, 2, 1, 4, 0),
  positions: Int32Array.of(0, 1, 2, 3, 4, 3, 4, 5, 0, 1, 0),
  pairOf: Int32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, -1),
  branch: Int32Array.of(0, 0, 0, 1, 1, 2, 2, 2, 0, 1, 0),
};

const constant = (shape: readonly number[], data: TensorData): Constant => ({
  spec: { shape, dtype: 'float32' },
  source: { kind: 'data', data },
});

const baseWeights = (): Record<string, Constant> =>
  Object.fromEntries(
    Object.entries(weightShapes(CONFIG)).map(([name, shape]) => [
      name,
      constant(
        shape,
        normals(
          { seed: 2, stream: name, counter: 0 },
          shape.reduce((a, b) => a * b, 1),
          0.3,
        ),
      ),
    ]),
  );

function adapterWeights(zeroB: boolean): Record<string, Constant> {
  const initial = initLora(CONFIG, RANK, 1);
  return Object.fromEntries(
    Object.entries(loraSpecs(CONFIG, RANK)).map(([name, { shape }], counter) => {
      const isB = name.endsWith('.b');
      const data =
        isB && !zeroB
          ? normals({ seed: 4, stream: 'b', counter }, initial[name]!.length, 0.2)
          : initial[name]!;
      return [name, constant(shape, data)];
    }),
  );
}

const adapterOf = (tensors: NamedTensors): Adapter => ({
  scale: 2,
  has: (target) => `lora.${target}.a` in tensors,
  a: (target) => tensors[`lora.${target}.a`] as Tensor,
  b: (target) => tensors[`lora.${target}.b`] as Tensor,
});

const hiddenOf = (tensors: NamedTensors, row: NamedTensors, adapter?: Adapter): Tensor =>
  backboneHidden(CONFIG, (name) => tensors[name] as Tensor, row as unknown as BackboneRow, adapter);

describe('LoRA', () => {
  it('covers every linear module of every layer', () => {
    expect(Object.keys(loraSpecs(CONFIG, RANK))).toHaveLength(2 * 7 * CONFIG.layers);
    expect(loraSpecs(CONFIG, RANK)['lora.model.layers.1.mlp.down_proj.a']?.shape).toEqual([RANK, 20]);
    expect(loraSpecs(CONFIG, RANK)['lora.model.layers.1.self_attn.v_proj.b']?.shape).toEqual([8, RANK]);
  });

  it('changes nothing at first', async () => {
    const constants = { ...baseWeights(), ...adapterWeights(true) };
    const outputs = await runOnce('onnx-cpu', ROW, constants, (row, tensors) => ({
      base: hiddenOf(tensors, row),
      adapted: hiddenOf(tensors, row, adapterOf(tensors)),
    }));
    expect(outputs.adapted).toEqual(outputs.base);
  });

  it('equals the base with merged weights W + scale·B·A', async () => {
    const constants = { ...baseWeights(), ...adapterWeights(false) };
    const outputs = await runOnce('onnx-cpu', ROW, constants, (row, tensors) => {
      const merged = Object.fromEntries(
        Object.keys(weightSpecs(CONFIG)).map((name) => {
          const target = name.replace(/\.weight$/, '');
          const a = tensors[`lora.${target}.a`];
          const b = tensors[`lora.${target}.b`];
          const weight = tensors[name] as Tensor;
          return [
            name,
            a && b && name.endsWith('.weight') ? tf.add(weight, tf.mul(tf.matMul(b, a), 2)) : weight,
          ];
        }),
      );
      return {
        adapted: hiddenOf(tensors, row, adapterOf(tensors)),
        merged: hiddenOf(merged, row),
        base: hiddenOf(tensors, row),
      };
    });
    expect(largestDifference(outputs.adapted!, outputs.merged!)).toBeLessThan(1e-5);
    expect(largestDifference(outputs.adapted!, outputs.base!)).toBeGreaterThan(1e-2);
  });

  it('has the same gradients compiled and eager, of adapters and of every base weight', async () => {
    const constants = { ...baseWeights(), ...adapterWeights(false) };
    const names = Object.keys(constants).filter((name) => name !== 'lm_head.weight');
    const gradients = (engine: 'onnx-cpu' | 'tfjs-cpu') =>
      runOnce(engine, ROW, constants, (row, tensors) => {
        const loss = (...trained: Tensor[]): Tensor => {
          const all = {
            ...tensors,
            ...Object.fromEntries(names.map((name, index) => [name, trained[index]!])),
          };
          const hidden = tf.slice(hiddenOf(all, row, adapterOf(all)), [0, 0], [10, CONFIG.hiddenSize]);
          return tf.mean(tf.square(tf.sub(hidden, 0.3)));
        };
        const found = tf.grads(loss)(names.map((name) => tensors[name] as Tensor));
        return Object.fromEntries(names.map((name, index) => [name, found[index]!]));
      });
    const eager = await gradients('tfjs-cpu');
    const compiled = await gradients('onnx-cpu');
    for (const name of names) {
      expect(
        eager[name]!.some((value) => value !== 0),
        name,
      ).toBe(true);
      expect(largestDifference(compiled[name]!, eager[name]!), name).toBeLessThan(1e-4);
    }
  });
});

describe('a fused module', () => {
  const phi = { ...CONFIG, fusedProjections: true };
  it('is adapted where any of its parts is asked for, under its own name', () => {
    const named = (...targets: LoraTarget[]) =>
      loraTargets(phi, targets)
        .filter(({ target }) => target.startsWith('model.layers.0.'))
        .map(({ target, outSize }) => [target.split('.').at(-1), outSize]);
    expect(named('v_proj')).toEqual([['qkv_proj', 32]]);
    expect(named('gate_proj', 'o_proj')).toEqual([
      ['o_proj', 12],
      ['gate_up_proj', 40],
    ]);
    expect(named('down_proj')).toEqual([['down_proj', 12]]);
    expect(loraTargets(phi)).toHaveLength(8);
  });
});
