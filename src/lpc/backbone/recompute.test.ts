import { describe, expect, it } from 'vitest';
import { liveBytes } from '#compute/memory/arena.ts';
import { bufferEvents } from '#compute/memory/buffers.ts';
import type { NamedTensors, Program, Tensor } from '#compute/program.ts';
import type { Graph } from '#compute/record/graph.ts';
import { recordProgram } from '#compute/record/recorder.ts';
import { tf } from '#compute/tf.ts';
import { normals } from '#core/random.ts';
import { type BackboneConfig, parseConfig } from './config.ts';
import { type BackboneRow, type BlockOptions, backboneHidden } from './llama.ts';
import { loraSpecs } from './lora.ts';
import { largestDifference, runOnce } from './testModel.ts';
import type { Adapter } from './trained.ts';
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
const GEMMA: BackboneConfig = parseConfig(
  {
    architectures: ['Gemma3ForCausalLM'],
    model_type: 'gemma3_text',
    hidden_size: 16,
    intermediate_size: 24,
    num_hidden_layers: 2,
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
  options: BlockOptions,
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
    const hidden = backboneHidden(config, weight, row as unknown as BackboneRow, given, {
      ...options,
      weightsTrain: kind === 'full',
    });
    return tf.mean(tf.square(tf.sub(hidden, 0.3)));
  };
  const found = tf.grads(loss)(names.map((name) => tensors[name] as Tensor));
  return Object.fromEntries(names.map((name, index) => [name, found[index] as Tensor]));
}

function graphOf(config: BackboneConfig, kind: Kind, tokens: number, options: BlockOptions): Graph {
  const shapes = shapesOf(config, kind);
  const program: Program = {
    name: 'blocks',
    inputs: Object.fromEntries(Object.keys(ROW).map((name) => [name, { shape: [tokens], dtype: 'int32' }])),
    state: [],
    constants: Object.keys(shapes),
    build: ({ inputs, constants }) => ({ outputs: gradients(config, kind, inputs, constants, options) }),
  };
  const specs = Object.entries(shapes).map(([name, shape]) => [name, { shape, dtype: 'float32' }]);
  return recordProgram(program, { state: {}, constants: Object.fromEntries(specs) });
}

/** Most bytes alive at once in a run, in the order in which ONNX Runtime takes the nodes. */
const peakOf = (graph: Graph): number => liveBytes(bufferEvents(graph));

const WHOLE: BlockOptions = { keptBytes: Number.POSITIVE_INFINITY };
const SPARING: BlockOptions = { keptBytes: 0 };
const AGAIN: BlockOptions = { recompute: true };

describe.each([
  ['blocks computed again in the backward pass', AGAIN],
  ['norms, activations and attention made again in the backward pass', SPARING],
] as const)('%s', (_, options) => {
  it.each([
    ['onnx-cpu', 'full', configOf(2)],
    ['onnx-cpu', 'lora', configOf(2)],
    ['tfjs-cpu', 'full', configOf(2)],
    ['tfjs-cpu', 'lora', configOf(2)],
    ['onnx-cpu', 'full', GEMMA],
    ['onnx-cpu', 'lora', GEMMA],
  ] as const)('gives the same gradients on %s, %s', async (engine, kind, config) => {
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
    const run = (how: BlockOptions) =>
      runOnce(engine, ROW, constants, (row, tensors) => gradients(config, kind, row, tensors, how));
    const [again, kept] = [await run(options), await run(WHOLE)];
    expect(Object.keys(again)).toEqual(trainedOf(constants, kind));
    for (const [name, values] of Object.entries(kept)) {
      const largest = Math.max(...Array.from(values, Math.abs));
      expect(largest, name).toBeGreaterThan(0);
      const gap = largestDifference(again[name] as Float32Array, values);
      expect(gap, name).toBeLessThanOrEqual(1e-6 * largest);
    }
  });
});

describe.each(['full', 'lora'] as const)('memory of a further block, %s', (kind) => {
  const peak = (layers: number, options: BlockOptions) =>
    peakOf(graphOf(configOf(layers), kind, 512, options));
  const perBlock = (options: BlockOptions) => (peak(6, options) - peak(2, options)) / 4;

  it('is its input, and the gradients of its weights, where it is computed again', () => {
    expect(perBlock(AGAIN)).toBeLessThan(0.1 * perBlock(WHOLE));
  });

  it('is far less where what costs little is made again', () => {
    // Inputs of both halves, q and k before and after their norms, v, mixed values, gate and up: none grows with the row's square.
    const { hiddenSize, heads, keyValueHeads, headSize, intermediateSize } = configOf(2);
    const kept = 2 * hiddenSize + (3 * heads + 3 * keyValueHeads) * headSize + 2 * intermediateSize;
    const weights = kind === 'full' ? 4 * (4 * hiddenSize ** 2 + 3 * hiddenSize * intermediateSize) : 0;
    expect(perBlock(SPARING)).toBeLessThan(1.1 * 4 * 512 * kept + weights);
    expect(perBlock(SPARING)).toBeLessThan(0.2 * perBlock(WHOLE));
  });
});
