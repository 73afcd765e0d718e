import { describe, expect, it } from 'vitest';
import { liveBytes } from '#compute/memory/arena.ts';
import { bufferEvents } from '#compute/memory/buffers.ts';
import type { NamedTensors, Program, Tensor } from '#compute/program.ts';
import type { Graph } from '#compute/record/graph.ts';
import { recordProgram } from '#compute/record/recorder.ts';
import { tf } from '#compute/tf.ts';
import { normals } from '#core/random.ts';
import { type BackboneConfig, parseConfig } from './config.ts';
import { type Adapter, type BackboneRow, backboneHidden } from './llama.ts';
import { loraSpecs } from './lora.ts';
import { largestDifference, runOnce } from './testModel.ts';
import { weightShapes } from './weightNames.ts';

const configOf = (layers: number): BackboneConfig =>
  parseConfig(
    {
      architectures: ['Qwen3ForCausalLM'],
      hidden_size: 16,
      intermediate_size: 24,
      num_hidden_layers: layers,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      head_dim: 4,
      vocab_size: 24,
      max_position_embeddings: 4096,
    },
    'config.json',
  );
const RANK = 3;
const ROW = {
  tokens: Int32Array.of(1, 5, 9, 7, 2, 8, 8, 2, 1, 4),
  positions: Int32Array.of(0, 1, 2, 3, 4, 3, 4, 5, 0, 1),
  pairOf: Int32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 1),
  branch: Int32Array.of(0, 0, 0, 1, 1, 2, 2, 2, 0, 1),
};

type Kind = 'full' | 'lora';

function shapesOf(config: BackboneConfig, kind: Kind): Record<string, readonly number[]> {
  const { 'lm_head.weight': _, ...base } = weightShapes(config);
  if (kind === 'full') return base;
  const adapter = Object.entries(loraSpecs(config, RANK)).map(([name, { shape }]) => [name, shape]);
  return { ...base, ...Object.fromEntries(adapter) };
}

const trainedOf = (shapes: object, kind: Kind): string[] =>
  Object.keys(shapes).filter((name) => kind === 'full' || name.startsWith('lora.'));

/** Gradients of a loss of the hidden states by all that trains. */
function gradients(
  config: BackboneConfig,
  kind: Kind,
  row: NamedTensors,
  tensors: NamedTensors,
  recompute: boolean,
): Record<string, Tensor> {
  const names = trainedOf(tensors, kind);
  const loss = (...trained: Tensor[]): Tensor => {
    const all: NamedTensors = {
      ...tensors,
      ...Object.fromEntries(names.map((name, index) => [name, trained[index] as Tensor])),
    };
    const adapter: Adapter = {
      scale: 2,
      has: (target) => `lora.${target}.a` in all,
      a: (target) => all[`lora.${target}.a`] as Tensor,
      b: (target) => all[`lora.${target}.b`] as Tensor,
    };
    const weight = (name: string): Tensor => all[name] as Tensor;
    const given = kind === 'lora' ? adapter : undefined;
    const hidden = backboneHidden(config, weight, row as unknown as BackboneRow, given, { recompute });
    return tf.mean(tf.square(tf.sub(hidden, 0.3)));
  };
  const found = tf.grads(loss)(names.map((name) => tensors[name] as Tensor));
  return Object.fromEntries(names.map((name, index) => [name, found[index] as Tensor]));
}

function graphOf(config: BackboneConfig, kind: Kind, tokens: number, recompute: boolean): Graph {
  const shapes = shapesOf(config, kind);
  const program: Program = {
    name: 'blocks',
    inputs: Object.fromEntries(Object.keys(ROW).map((name) => [name, { shape: [tokens], dtype: 'int32' }])),
    state: [],
    constants: Object.keys(shapes),
    build: ({ inputs, constants }) => ({ outputs: gradients(config, kind, inputs, constants, recompute) }),
  };
  const specs = Object.entries(shapes).map(([name, shape]) => [name, { shape, dtype: 'float32' }]);
  return recordProgram(program, { state: {}, constants: Object.fromEntries(specs) });
}

/** Most bytes alive at once in a run, in the order in which ONNX Runtime takes the nodes. */
const peakOf = (graph: Graph): number => liveBytes(bufferEvents(graph));

describe('blocks computed again in the backward pass', () => {
  it.each([
    ['onnx-cpu', 'full'],
    ['onnx-cpu', 'lora'],
    ['tfjs-cpu', 'full'],
    ['tfjs-cpu', 'lora'],
  ] as const)('gives the same gradients on %s, %s', async (engine, kind) => {
    const config = configOf(2);
    const constants = Object.fromEntries(
      Object.entries(shapesOf(config, kind)).map(([name, shape]) => {
        const size = shape.reduce((a, b) => a * b, 1);
        const data = normals({ seed: 2, stream: name, counter: 0 }, size, 0.3);
        return [
          name,
          { spec: { shape, dtype: 'float32' as const }, source: { kind: 'data' as const, data } },
        ];
      }),
    );
    const run = (recompute: boolean) =>
      runOnce(engine, ROW, constants, (row, tensors) => gradients(config, kind, row, tensors, recompute));
    const [again, kept] = [await run(true), await run(false)];
    expect(Object.keys(again)).toEqual(trainedOf(constants, kind));
    for (const [name, values] of Object.entries(kept)) {
      const largest = Math.max(...Array.from(values, Math.abs));
      expect(largest, name).toBeGreaterThan(0);
      const gap = largestDifference(again[name] as Float32Array, values);
      expect(gap, name).toBeLessThanOrEqual(1e-6 * largest);
    }
  });

  it.each(['full', 'lora'] as const)('holds one block at a time, %s', (kind) => {
    const peak = (layers: number, recompute: boolean) =>
      peakOf(graphOf(configOf(layers), kind, 512, recompute));
    const perBlock = (recompute: boolean) => (peak(6, recompute) - peak(2, recompute)) / 4;
    // What a further block adds: with recomputation its input, and its weights' gradients, which are outputs.
    expect(perBlock(true)).toBeLessThan(0.1 * perBlock(false));
  });
});
