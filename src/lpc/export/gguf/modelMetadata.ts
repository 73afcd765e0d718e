/** A model folder's config as a GGUF file's metadata states it. */
import type { BackboneConfig } from '../../backbone/config.ts';
import { LONGROPE_TENSORS, ROPE_FACTORS, ropeDivisors } from '../../gguf/architecture.ts';
import { cannotCarry } from '../failures.ts';
import type { GgufValue } from './values.ts';
import type { GgufTensorToWrite } from './writeGguf.ts';

/** llama.cpp computes Mistral as Llama. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  llama: 'llama',
  mistral: 'llama',
  qwen2: 'qwen2',
  qwen3: 'qwen3',
  gemma3: 'gemma3',
  phi3: 'phi3',
};

/** Throws `export.not-this-run` for a family that has no form here. */
export function ggufArchitecture({ modelType }: BackboneConfig): string {
  const found = ARCHITECTURES[modelType];
  if (found !== undefined) return found;
  throw cannotCarry(
    `A model of the type ${modelType} is not written as a GGUF file here.`,
    'Export the merged folder, and convert it by llama.cpp’s convert_hf_to_gguf.py.',
  );
}

type Entry = [string, GgufValue];

function ropeEntries({ rope }: BackboneConfig): Entry[] {
  const { theta, scaling } = rope;
  const base: Entry = ['rope.freq_base', { f32: theta }];
  const kind = (name: string): Entry => ['rope.scaling.type', name];
  switch (scaling.kind) {
    case 'none':
    // Written as a tensor of divisors.
    case 'llama3':
      return [base];
    // Its divisors too; llama.cpp takes the others beyond the original context.
    case 'longrope':
      return [
        base,
        ['rope.scaling.attn_factor', { f32: scaling.attentionScale }],
        ['rope.scaling.original_context_length', { u32: scaling.originalContext }],
      ];
    case 'linear':
      return [base, kind('linear'), ['rope.scaling.factor', { f32: scaling.factor }]];
    case 'yarn': {
      const natural = scaling.factor > 1 ? 0.1 * Math.log(scaling.factor) + 1 : 1;
      const isUsual =
        scaling.betaFast === 32 &&
        scaling.betaSlow === 1 &&
        scaling.truncate &&
        Math.abs(scaling.attentionScale - natural) < 1e-6;
      if (!isUsual)
        throw cannotCarry(
          'This model’s YaRN settings are not the usual ones, which a GGUF file states by factor and context alone.',
          'Export the merged folder.',
        );
      return [
        base,
        kind('yarn'),
        ['rope.scaling.factor', { f32: scaling.factor }],
        ['rope.scaling.original_context_length', { u32: scaling.originalContext }],
      ];
    }
  }
}

/** Positions that the file can promise: beyond a window that it can’t state llama.cpp would look back further than the model does. */
export const promisedContext = ({ contextLength, slidingWindow, modelType }: BackboneConfig): number =>
  modelType === 'gemma3' || modelType === 'phi3'
    ? contextLength
    : Math.min(contextLength, slidingWindow ?? contextLength);

/** Of these llama.cpp knows each sixth layer to look back without bound, how queries are scaled, and the rotation in a window. */
function windowEntries(config: BackboneConfig): Entry[] {
  if (config.modelType === 'phi3') return [['attention.sliding_window', { u32: config.slidingWindow ?? 0 }]];
  if (config.modelType !== 'gemma3') return [];
  const { slidingWindow, windowRope, layersWithoutWindow, layers, headSize, heads, hiddenSize, queryScale } =
    config;
  const usual = Array.from({ length: layers }, (_, layer) => layer).filter((layer) => layer % 6 === 5);
  const scalar = layers === 62 ? hiddenSize / heads : headSize;
  const isUsual =
    (slidingWindow === null || String(layersWithoutWindow) === String(usual)) &&
    Math.abs(queryScale * Math.sqrt(scalar) - 1) < 1e-6 &&
    (slidingWindow === null || windowRope?.theta === 10_000) &&
    (windowRope === null || windowRope.scaling.kind === 'none');
  if (!isUsual)
    throw cannotCarry(
      'This model’s windows, rotation or scale of queries are not those of Gemma 3, which llama.cpp takes for granted.',
      'Export the merged folder.',
    );
  return slidingWindow === null ? [] : [['attention.sliding_window', { u32: slidingWindow }]];
}

/** Settings under the architecture's name. */
export function modelMetadata(config: BackboneConfig): Entry[] {
  const architecture = ggufArchitecture(config);
  const entries: Entry[] = [
    ['context_length', { u32: promisedContext(config) }],
    ['embedding_length', { u32: config.hiddenSize }],
    ['block_count', { u32: config.layers }],
    ['feed_forward_length', { u32: config.intermediateSize }],
    ['attention.head_count', { u32: config.heads }],
    ['attention.head_count_kv', { u32: config.keyValueHeads }],
    ['attention.key_length', { u32: config.headSize }],
    ['attention.value_length', { u32: config.headSize }],
    ['attention.layer_norm_rms_epsilon', { f32: config.rmsNormEps }],
    ['rope.dimension_count', { u32: config.rotarySize }],
    ...ropeEntries(config),
    ['vocab_size', { u32: config.vocabulary }],
    ...windowEntries(config),
  ];
  return entries.map(([name, value]) => [`${architecture}.${name}`, value]);
}

const ropeTensor = (name: string, values: readonly number[]): GgufTensorToWrite => {
  const divisors = Float32Array.from(values);
  return { name, shape: [divisors.length], type: 'F32', bytes: async () => new Uint8Array(divisors.buffer) };
};

/** Llama 3's rope scaling and LongRoPE's, which GGUF files hold as tensors; else none. */
export function ropeTensors({ rope, headSize }: BackboneConfig): GgufTensorToWrite[] {
  const { scaling, theta } = rope;
  if (scaling.kind === 'longrope')
    return [
      ropeTensor(LONGROPE_TENSORS.long_factor, scaling.longFactors),
      ropeTensor(LONGROPE_TENSORS.short_factor, scaling.shortFactors),
    ];
  if (scaling.kind !== 'llama3') return [];
  const usual =
    scaling.lowFrequencyFactor === ROPE_FACTORS.low_freq_factor &&
    scaling.highFrequencyFactor === ROPE_FACTORS.high_freq_factor &&
    scaling.originalContext === ROPE_FACTORS.original_max_position_embeddings;
  if (!usual)
    throw cannotCarry(
      'This model’s rope scaling is not that of Llama 3.1, which alone is written here.',
      'Export the merged folder.',
    );
  return [ropeTensor('rope_freqs.weight', ropeDivisors(headSize / 2, theta, scaling.factor))];
}
