/** The reference configuration of the engine benchmark: a random Llama and rows of random pairs. */
import type { Constant, NamedData, TensorData, TensorSpec } from '#compute/program.ts';
import { normals, randomSource } from '#core/random.ts';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig, type Trainable } from '#core/runConfig.ts';
import { type BackboneConfig, parseConfig } from '#lpc/backbone/config.ts';
import { initLora } from '#lpc/backbone/lora.ts';
import { weightSpecs } from '#lpc/backbone/weightNames.ts';
import { initHeads } from '#lpc/method/heads.ts';
import { momentSpecs } from '#lpc/optimiser/adamw.ts';
import type { EncodedPair } from '#lpc/packing/encode.ts';
import { rowInputs } from '#lpc/packing/pack.ts';
import type { RowShape } from '#lpc/packing/shape.ts';
import { parameterGroups } from '#lpc/programs/policy.ts';
import { stepInputs } from '#lpc/programs/stepInputs.ts';
import { trainingNoise } from '#lpc/train/noise.ts';
import { stepSettings } from '#lpc/train/schedule.ts';

export interface BenchSize {
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly feedForward: number;
  readonly vocabulary: number;
  readonly tokens: number;
}

export const REFERENCE: BenchSize = {
  hiddenSize: 256,
  layers: 4,
  heads: 8,
  feedForward: 704,
  vocabulary: 4096,
  tokens: 512,
};
/** Small enough for plain tfjs. */
export const SMALL: BenchSize = {
  hiddenSize: 64,
  layers: 2,
  heads: 4,
  feedForward: 128,
  vocabulary: 256,
  tokens: 128,
};

/** Small enough for a software adapter, which is hundreds of times slower than a card. */
export const PARITY: BenchSize = { ...SMALL, hiddenSize: 32, feedForward: 64 };

/** What a model folder's config.json says of this size. */
export const configJsonOf = (size: BenchSize) => ({
  architectures: ['LlamaForCausalLM'],
  hidden_size: size.hiddenSize,
  intermediate_size: size.feedForward,
  num_hidden_layers: size.layers,
  num_attention_heads: size.heads,
  num_key_value_heads: size.heads,
  vocab_size: size.vocabulary,
  max_position_embeddings: 4096,
  tie_word_embeddings: true,
});

export const backboneOf = (size: BenchSize): BackboneConfig => parseConfig(configJsonOf(size), 'reference');

export const configOf = (trainable: Trainable, tokens: number): RunConfig => ({
  ...DEFAULT_RUN,
  trainable,
  tokenBudget: tokens,
  latent: { ...DEFAULT_LATENT },
  headsFirst: 0,
});

const sizeOf = (spec: TensorSpec): number => spec.shape.reduce((a, b) => a * b, 1);

/** Norm weights 1, everything else N(0, 0.02²), as models are initialised. */
export function randomWeights(backbone: BackboneConfig, seed: number): Record<string, Constant> {
  return Object.fromEntries(
    Object.entries(weightSpecs(backbone)).map(([name, spec]) => {
      const data: TensorData = /norm/.test(name)
        ? new Float32Array(sizeOf(spec)).fill(1)
        : normals({ seed, stream: name, counter: 0 }, sizeOf(spec), 0.02);
      return [name, { spec, source: { kind: 'data', data } }];
    }),
  );
}

/** Everything that trains, at its initial values, with moments at zero. */
export function initialState(config: RunConfig, backbone: BackboneConfig, weights: Record<string, Constant>) {
  const groups = parameterGroups(config, backbone);
  const lora = config.trainable === 'lora' ? initLora(backbone, config.loraRank, config.seed) : {};
  const full = config.trainable === 'full' ? weights : {};
  const backboneData = (name: string): TensorData => {
    const source = full[name]?.source;
    if (source?.kind === 'data') return source.data;
    return lora[name] as TensorData;
  };
  const values = Object.entries(groups.backbone).map(([name, spec]) => [
    name,
    { spec, data: backboneData(name) },
  ]);
  const moments = Object.entries(momentSpecs({ ...groups.heads, ...groups.backbone })).map(([name, spec]) => [
    name,
    { spec, data: new Float32Array(sizeOf(spec)) },
  ]);
  return {
    ...(config.latent && initHeads(config.latent, backbone, config.seed)),
    ...Object.fromEntries([...values, ...moments]),
  } as Record<string, { spec: TensorSpec; data: TensorData }>;
}

/** Rows of pairs of 128 tokens: 52 of prompt, 38 of each reply. */
const PAIR_TOKENS = 128;
const REPLY_TOKENS = 38;

export const shapeOf = ({ tokens }: BenchSize): RowShape => ({
  tokens,
  responses: (tokens / PAIR_TOKENS) * 2 * REPLY_TOKENS,
  pairs: tokens / PAIR_TOKENS,
});

/** Inputs of the training step with index `step`, all random but repeatable. */
export function stepData(size: BenchSize, config: RunConfig, step: number): NamedData {
  const shape = shapeOf(size);
  const random = randomSource({ seed: config.seed, stream: 'bench.rows', counter: step * 1_000_000 });
  const ids = (count: number): Int32Array<ArrayBuffer> =>
    Int32Array.from({ length: count }, () => Math.floor(random.uniform() * size.vocabulary));
  const pairs: EncodedPair[] = Array.from({ length: shape.pairs }, (_, index) => ({
    pairId: `${step}.${index}`,
    promptId: `${step}.${index}`,
    prompt: ids(PAIR_TOKENS - 2 * REPLY_TOKENS),
    chosen: ids(REPLY_TOKENS),
    rejected: ids(REPLY_TOKENS),
    cut: { prompt: 0, chosen: 0, rejected: 0 },
  }));
  return {
    ...rowInputs(pairs, shape),
    reference: new Float32Array(2 * shape.pairs).fill(-REPLY_TOKENS * Math.log(size.vocabulary)),
    pairsInStep: Float32Array.of(shape.pairs),
    ...stepInputs(
      { ...stepSettings(config, step), learningRate: 1e-3, headsLearningRate: 1e-3, g: 0.5 },
      config,
    ),
    ...trainingNoise(config, step, pairs, { pairs: shape.pairs, hiddenSize: backboneOf(size).hiddenSize }),
  };
}
