/** A GGUF file's metadata as the `config.json` that Hugging Face writes for the same model. */

import { FacetError } from '#core/result.ts';
import type { JsonObject } from '../backbone/files.ts';
import { readConstant } from '../backbone/safetensorsRead.ts';
import { badGguf } from './ByteReader.ts';
import type { GgufFile } from './header.ts';

const ARCHITECTURES = {
  llama: 'LlamaForCausalLM',
  mistral: 'MistralForCausalLM',
  qwen2: 'Qwen2ForCausalLM',
  qwen3: 'Qwen3ForCausalLM',
  gemma3: 'Gemma3ForCausalLM',
  phi3: 'Phi3ForCausalLM',
} as const;
export type GgufArchitecture = keyof typeof ARCHITECTURES;

/** llama.cpp interleaves the rows of query and key heads for these; see `takeHeadsApart`. */
export const INTERLEAVED: readonly GgufArchitecture[] = ['llama', 'mistral'];

export function architectureOf({ path, metadata }: GgufFile): GgufArchitecture {
  const stated = metadata.get('general.architecture');
  if (typeof stated === 'string' && Object.hasOwn(ARCHITECTURES, stated)) return stated as GgufArchitecture;
  throw new FacetError({
    code: 'model.unsupported-architecture',
    message: `${path}: unsupported architecture ${JSON.stringify(stated) ?? 'none'}.`,
    fix: `Choose a GGUF file of one of ${Object.keys(ARCHITECTURES).join(', ')}.`,
    where: { file: path, field: 'general.architecture' },
  });
}

/** Llama 3.1's rope scaling, but for its factor. */
export const ROPE_FACTORS = {
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 8192,
};

/** Frequency divisors of Llama 3's rope scaling: 1 for short wavelengths, `factor` for long ones, a ramp between. */
export function ropeDivisors(size: number, theta: number, factor: number): number[] {
  const {
    low_freq_factor: low,
    high_freq_factor: high,
    original_max_position_embeddings: context,
  } = ROPE_FACTORS;
  return Array.from({ length: size }, (_, index) => {
    const wavelength = 2 * Math.PI * theta ** (index / size);
    if (wavelength < context / high) return 1;
    if (wavelength > context / low) return factor;
    const smooth = (context / wavelength - low) / (high - low);
    return 1 / ((1 - smooth) / factor + smooth);
  });
}

/** llama.cpp writes Llama 3's scaling as a tensor of divisors: the setting they come from is found again, or refused. */
async function llama3Scaling(file: GgufFile, theta: number): Promise<JsonObject | null> {
  const tensor = file.tensors.get('rope_freqs.weight');
  if (!tensor) return null;
  const { offset, bytes, dtype } = tensor;
  const divisors = await readConstant({
    spec: { shape: tensor.shape, dtype: 'float32' },
    source: { kind: 'file', path: file.path, offset, bytes, dtype },
  });
  const factor = Math.max(...divisors);
  const wanted = ropeDivisors(divisors.length, theta, factor);
  if (wanted.every((value, index) => Math.abs(value / (divisors[index] as number) - 1) < 1e-4))
    return { rope_type: 'llama3', factor, ...ROPE_FACTORS };
  throw new FacetError({
    code: 'model.unsupported-rope',
    message: `${file.path}: tensor "rope_freqs.weight" holds a rope scaling other than that of Llama 3.`,
    fix: 'Choose the model in its safetensors form.',
    where: { file: file.path, field: 'rope_freqs.weight' },
  });
}

function numberReader(file: GgufFile, architecture: GgufArchitecture) {
  return (name: string): number | undefined => {
    const key = `${architecture}.${name}`;
    const value = file.metadata.get(key);
    if (value === undefined || typeof value === 'number') return value;
    throw badGguf(file.path, `the metadata ${key} must be a number, not ${JSON.stringify(value)}`, key);
  };
}

async function ropeOf(file: GgufFile, architecture: GgufArchitecture): Promise<JsonObject> {
  const number = numberReader(file, architecture);
  const theta = number('rope.freq_base') ?? 10_000;
  const rope_theta = Math.fround(theta) === theta ? theta : Number(theta.toPrecision(7));
  const kind = file.metadata.get(`${architecture}.rope.scaling.type`) ?? 'none';
  const stretched = kind === 'linear' || kind === 'yarn';
  const scaling =
    (await llama3Scaling(file, theta)) ??
    (kind === 'none'
      ? null
      : {
          rope_type: kind,
          ...(stretched && { factor: number('rope.scaling.factor') }),
          ...(kind === 'yarn' && {
            original_max_position_embeddings: number('rope.scaling.original_context_length'),
          }),
        });
  return { rope_theta, ...(scaling !== null && { rope_scaling: scaling }) };
}

/** What llama.cpp knows of Gemma 3 without being told, beside what its metadata say. */
function gemma3Json(file: GgufFile): JsonObject {
  const number = numberReader(file, 'gemma3');
  const heads = number('attention.head_count') ?? 1;
  const width = number('embedding_length') ?? 0;
  return {
    hidden_activation: 'gelu_pytorch_tanh',
    // Of the 27 B model, which has 62 layers, alone.
    query_pre_attn_scalar:
      number('block_count') === 62 ? width / heads : (number('attention.key_length') ?? width / heads),
    sliding_window: number('attention.sliding_window') ?? null,
    sliding_window_pattern: number('attention.sliding_window_pattern') ?? 6,
    rope_local_base_freq: number('rope.freq_base_swa') ?? 10_000,
  };
}

/** Names of the tensors that hold LongRoPE's divisors. */
export const LONGROPE_TENSORS = {
  short_factor: 'rope_factors_short.weight',
  long_factor: 'rope_factors_long.weight',
} as const;

/** Divisors lie in tensors; what attention is scaled by, and the context before it was stretched, in the metadata. */
async function phi3Json(file: GgufFile, headSize: number): Promise<JsonObject> {
  const number = numberReader(file, 'phi3');
  const scaling: Record<string, unknown> = {};
  for (const [field, name] of Object.entries(LONGROPE_TENSORS)) {
    const tensor = file.tensors.get(name);
    if (!tensor) continue;
    const { shape, offset, bytes, dtype } = tensor;
    const source = { kind: 'file', path: file.path, offset, bytes, dtype } as const;
    scaling[field] = [...(await readConstant({ spec: { shape, dtype: 'float32' }, source }))];
  }
  const window = number('attention.sliding_window');
  const attention = number('rope.scaling.attn_factor');
  const original = number('rope.scaling.original_context_length');
  return {
    partial_rotary_factor: (number('rope.dimension_count') ?? headSize) / headSize,
    ...(original !== undefined && { original_max_position_embeddings: original }),
    sliding_window: window === 0 ? null : (window ?? null),
    ...(Object.keys(scaling).length > 0 && {
      rope_scaling: {
        rope_type: 'longrope',
        ...scaling,
        ...(attention !== undefined && { attention_factor: attention }),
      },
    }),
  };
}

/** Shortest decimal that is this float32: 9.999999747378752e-6 is written 1e-5. */
function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits += 1) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === Math.fround(value)) return rounded;
  }
  return value;
}

const idsOf = (...ids: unknown[]): number[] => [
  ...new Set(ids.filter((id): id is number => typeof id === 'number')),
];

/** What `parseConfig` reads. Throws `model.unsupported-architecture`, `model.unsupported-rope`, `model.bad-gguf`. */
export async function configJson(file: GgufFile): Promise<JsonObject> {
  const architecture = architectureOf(file);
  const number = numberReader(file, architecture);
  if ((number('expert_count') ?? 0) > 0)
    throw new FacetError({
      code: 'model.unsupported-architecture',
      message: `${file.path}: the model is a mixture of ${number('expert_count')} experts, which Facet does not run.`,
      fix: 'Choose a dense model.',
      where: { file: file.path, field: `${architecture}.expert_count` },
    });
  const embedding = file.tensors.get('token_embd.weight');
  if (!embedding) throw badGguf(file.path, 'tensor "token_embd.weight" is missing', 'token_embd.weight');
  const rotated = number('rope.dimension_count');
  const headSize = number('attention.key_length');
  const eps = number('attention.layer_norm_rms_epsilon');
  const { metadata } = file;
  const heads = number('attention.head_count');
  const size = headSize ?? (heads === undefined ? undefined : (number('embedding_length') ?? 0) / heads);
  const config = {
    architectures: [ARCHITECTURES[architecture]],
    model_type: architecture === 'gemma3' ? 'gemma3_text' : architecture,
    vocab_size: embedding.shape[0],
    hidden_size: number('embedding_length'),
    intermediate_size: number('feed_forward_length'),
    num_hidden_layers: number('block_count'),
    num_attention_heads: heads,
    num_key_value_heads: number('attention.head_count_kv') ?? number('attention.head_count'),
    ...(headSize !== undefined && { head_dim: headSize }),
    max_position_embeddings: number('context_length'),
    ...(eps !== undefined && { rms_norm_eps: shortest(eps) }),
    ...(await ropeOf(file, architecture)),
    ...(architecture === 'gemma3' && gemma3Json(file)),
    ...(architecture === 'phi3' && size !== undefined && (await phi3Json(file, size))),
    tie_word_embeddings: !file.tensors.has('output.weight'),
    attention_bias: architecture === 'llama' && file.tensors.has('blk.0.attn_q.bias'),
    ...(architecture === 'mistral' && { sliding_window: number('attention.sliding_window') ?? null }),
    bos_token_id: idsOf(metadata.get('tokenizer.ggml.bos_token_id'))[0] ?? null,
    eos_token_id: idsOf(
      metadata.get('tokenizer.ggml.eos_token_id'),
      metadata.get('tokenizer.ggml.eot_token_id'),
    ),
  };
  if (architecture !== 'phi3' && rotated !== undefined && size !== undefined && rotated !== size)
    throw new FacetError({
      code: 'model.unsupported-rope',
      message: `${file.path}: ${rotated} of a head's ${size} dimensions are rotated; Facet rotates all.`,
      fix: 'Choose another model.',
      where: { file: file.path, field: `${architecture}.rope.dimension_count` },
    });
  return config;
}
