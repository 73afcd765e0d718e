/** What a backbone looks like, read from a Hugging Face `config.json`. */
import { FacetError } from '#core/result.ts';
import { isJsonObject, type JsonObject } from './files.ts';
import { parseRope, type RopeConfig } from './rope.ts';

type ModelType = 'llama' | 'mistral' | 'qwen2' | 'qwen3' | 'smollm3' | 'gemma3' | 'phi3';
/** Of the gated feed-forward: `gelu` in its form by tanh. */
type Activation = 'silu' | 'gelu';

/** Plain data: may be stored and sent. */
export interface BackboneConfig {
  readonly architecture: string;
  readonly modelType: ModelType;
  readonly vocabulary: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  /** Dimensions of a head that rotate, the first ones; the others stay as they are (Phi-4-mini). */
  readonly rotarySize: number;
  /** Query, key and value are one module, gate and up another (Phi). */
  readonly fusedProjections: boolean;
  readonly contextLength: number;
  readonly rmsNormEps: number;
  readonly rope: RopeConfig;
  /** Of layers with a window, where it is another (Gemma 3). */
  readonly windowRope: RopeConfig | null;
  /** Layers without rotary positions. */
  readonly layersWithoutRope: readonly number[];
  readonly tiedEmbeddings: boolean;
  readonly qkvBias: boolean;
  readonly outputBias: boolean;
  readonly mlpBias: boolean;
  /** RMS norm of each query and key head (Qwen3, Gemma 3). */
  readonly qkNorm: boolean;
  /** What attention and feed-forward give is normed before it is added (Gemma). */
  readonly branchNorms: boolean;
  /** Added to a norm's stored weight: Gemma stores how far it lies from 1. */
  readonly normOffset: 0 | 1;
  readonly activation: Activation;
  /** Embeddings are multiplied by it. */
  readonly embeddingScale: number;
  /** Scores of attention are multiplied by it: 1/√headSize but for Gemma, whose config states it. */
  readonly queryScale: number;
  /** Positions a token looks back, itself included; null is all. For one layer see `windowOf`. */
  readonly slidingWindow: number | null;
  /** Layers that look back without bound although others have a window. */
  readonly layersWithoutWindow: readonly number[];
  readonly bosTokenId: number | null;
  readonly eosTokenIds: readonly number[];
}

const ARCHITECTURES: Readonly<Record<string, ModelType>> = {
  LlamaForCausalLM: 'llama',
  MistralForCausalLM: 'mistral',
  Qwen2ForCausalLM: 'qwen2',
  Qwen3ForCausalLM: 'qwen3',
  SmolLM3ForCausalLM: 'smollm3',
  Gemma3ForCausalLM: 'gemma3',
  Phi3ForCausalLM: 'phi3',
};

/** Largest size a config may state: bounds what a damaged file can make the program ask for. */
const MAX_SIZE = 2 ** 24;
const MAX_LAYERS = 1024;
/** SmolLM3's default of `rope_theta`. */
const SMOLLM3_THETA = 2_000_000;
/** Qwen's default of `max_window_layers`: layers before the first with a window. */
const DEFAULT_FULL_LAYERS = 28;
/** Gemma 3's defaults: of each six layers the last sees all, of `query_pre_attn_scalar` and of both `rope_theta`. */
const GEMMA3 = { pattern: 6, scalar: 256, theta: 1_000_000, windowTheta: 10_000 } as const;

function fieldReader(json: JsonObject, file: string) {
  const fault = (field: string, expected: string): FacetError =>
    new FacetError({
      code: 'model.bad-config',
      message: `${file}: ${field} must be ${expected}, not ${JSON.stringify(json[field]) ?? 'absent'}.`,
      fix: 'Check that config.json belongs to this model and is complete.',
      where: { file, field },
    });
  const size = (field: string, fallback?: number, maximum = MAX_SIZE): number => {
    const value = json[field] ?? fallback;
    if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= maximum)
      return value as number;
    throw fault(field, `a whole number from 1 to ${maximum}`);
  };
  const flag = (field: string, fallback: boolean): boolean => {
    const value = json[field] ?? fallback;
    if (typeof value === 'boolean') return value;
    throw fault(field, 'true or false');
  };
  return { fault, size, flag };
}

function tokenIds(value: unknown): number[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((id): id is number => Number.isInteger(id) && (id as number) >= 0);
}

/** Positions that a layer's tokens look back, themselves included; null is all. */
export const windowOf = (
  { slidingWindow, layersWithoutWindow }: Pick<BackboneConfig, 'slidingWindow' | 'layersWithoutWindow'>,
  layer: number,
): number | null => (layersWithoutWindow.includes(layer) ? null : slidingWindow);

const layersWhere = (layers: number, holds: (layer: number) => boolean): number[] =>
  Array.from({ length: layers }, (_, layer) => layer).filter(holds);

/** `layer_types` states each layer's kind; where it is absent each architecture has a rule of its own. */
function windowsOf(
  json: JsonObject,
  modelType: ModelType,
  layers: number,
  layersWithoutRope: readonly number[],
  file: string,
): Pick<BackboneConfig, 'slidingWindow' | 'layersWithoutWindow'> {
  const { size, flag, fault } = fieldReader(json, file);
  const none = { slidingWindow: null, layersWithoutWindow: [] };
  if (modelType === 'llama' || (json.sliding_window ?? null) === null) return none;
  const slidingWindow = size('sliding_window');
  if (modelType === 'mistral' || modelType === 'phi3') return { slidingWindow, layersWithoutWindow: [] };
  if (modelType !== 'gemma3' && !flag('use_sliding_window', false)) return none;
  const kinds = json.layer_types ?? null;
  let slides = (layer: number): boolean => layersWithoutRope.includes(layer);
  if (kinds !== null) {
    const known = (kind: unknown) => kind === 'full_attention' || kind === 'sliding_attention';
    if (!Array.isArray(kinds) || kinds.length < layers || !kinds.every(known))
      throw fault('layer_types', `"full_attention" or "sliding_attention" for each of ${layers} layers`);
    slides = (layer) => kinds[layer] === 'sliding_attention';
  } else if (modelType === 'gemma3') {
    const pattern = size('sliding_window_pattern', GEMMA3.pattern);
    slides = (layer) => (layer + 1) % pattern !== 0;
  } else if (modelType !== 'smollm3') {
    const first = json.max_window_layers === 0 ? 0 : size('max_window_layers', DEFAULT_FULL_LAYERS);
    slides = (layer) => layer >= first;
  }
  const layersWithoutWindow = layersWhere(layers, (layer) => !slides(layer));
  return layersWithoutWindow.length === layers ? none : { slidingWindow, layersWithoutWindow };
}

/** Named for what it turns off, but 1 means that the layer rotates. SmolLM3 leaves out each fourth where it says nothing. */
function layersWithoutRopeOf(json: JsonObject, modelType: ModelType, layers: number, file: string): number[] {
  if (modelType !== 'smollm3') return [];
  const { size, fault } = fieldReader(json, file);
  const stated = json.no_rope_layers ?? null;
  if (stated === null) {
    const interval = size('no_rope_layer_interval', 4);
    return layersWhere(layers, (layer) => (layer + 1) % interval === 0);
  }
  if (!Array.isArray(stated) || stated.length < layers || !stated.every((one) => one === 0 || one === 1))
    throw fault('no_rope_layers', `0 or 1 for each of ${layers} layers`);
  return layersWhere(layers, (layer) => stated[layer] === 0);
}

/** Gemma 3 states the rotation of its layers with a window beside that of the others, older folders by a number alone. */
function ropesOf(
  json: JsonObject,
  modelType: ModelType,
  rotarySize: number,
  file: string,
): Pick<BackboneConfig, 'rope' | 'windowRope'> {
  if (modelType === 'phi3') return { rope: parseRope(json, file, { rotarySize }), windowRope: null };
  if (modelType !== 'gemma3') {
    const reading = modelType === 'smollm3' ? { defaultTheta: SMOLLM3_THETA } : {};
    return { rope: parseRope(json, file, reading), windowRope: null };
  }
  const stated = isJsonObject(json.rope_parameters) ? json.rope_parameters : {};
  const full = isJsonObject(stated.full_attention)
    ? { ...json, rope_parameters: stated.full_attention }
    : json;
  const windowed = stated.sliding_attention ?? {
    rope_theta: json.rope_local_base_freq ?? GEMMA3.windowTheta,
  };
  return {
    rope: parseRope(full, file, { defaultTheta: GEMMA3.theta }),
    windowRope: parseRope({ rope_parameters: windowed }, file, { defaultTheta: GEMMA3.windowTheta }),
  };
}

/** Phi may rotate the first part of each head alone. */
function rotarySizeOf(json: JsonObject, modelType: ModelType, headSize: number, file: string): number {
  if (modelType !== 'phi3') return headSize;
  const { fault } = fieldReader(json, file);
  const parameters = isJsonObject(json.rope_parameters) ? json.rope_parameters : {};
  const share = parameters.partial_rotary_factor ?? json.partial_rotary_factor ?? 1;
  const size = typeof share === 'number' ? Math.floor(headSize * share) : Number.NaN;
  if (size >= 2 && size <= headSize && size % 2 === 0) return size;
  throw fault('partial_rotary_factor', `a share of ${headSize} dimensions that gives an even number`);
}

function activationOf(
  json: JsonObject,
  modelType: ModelType,
  fault: (field: string, expected: string) => FacetError,
): Activation {
  if (modelType !== 'gemma3') {
    if ((json.hidden_act ?? 'silu') !== 'silu') throw fault('hidden_act', '"silu"');
    return 'silu';
  }
  if ((json.hidden_activation ?? json.hidden_act ?? 'gelu_pytorch_tanh') !== 'gelu_pytorch_tanh')
    throw fault('hidden_activation', '"gelu_pytorch_tanh"');
  for (const cap of ['attn_logit_softcapping', 'final_logit_softcapping'])
    if ((json[cap] ?? null) !== null) throw fault(cap, 'absent: Gemma 2’s caps are not supported');
  if (json.use_bidirectional_attention === true)
    throw fault('use_bidirectional_attention', 'false: the model must see backwards alone');
  return 'gelu';
}

/** Throws `model.unsupported-architecture`, `model.unsupported-rope` or `model.bad-config`. */
export function parseConfig(json: JsonObject, file: string): BackboneConfig {
  const { fault, size, flag } = fieldReader(json, file);
  const stated: unknown = Array.isArray(json.architectures) ? json.architectures[0] : undefined;
  const modelType =
    typeof stated === 'string' && Object.hasOwn(ARCHITECTURES, stated) ? ARCHITECTURES[stated] : null;
  if (typeof stated !== 'string' || !modelType) {
    throw new FacetError({
      code: 'model.unsupported-architecture',
      message: `${file}: unsupported architecture ${JSON.stringify(stated) ?? 'none'}.`,
      fix: `Choose one of ${Object.keys(ARCHITECTURES).join(', ')}.`,
      where: { file, field: 'architectures' },
    });
  }
  const activation = activationOf(json, modelType, fault);
  const quantised = json.quantization_config ?? null;
  if (quantised !== null) throw fault('quantization_config', 'absent: quantised weights are not supported');

  const hiddenSize = size('hidden_size');
  const heads = size('num_attention_heads');
  const keyValueHeads = size('num_key_value_heads', heads);
  if (heads % keyValueHeads !== 0)
    throw fault('num_key_value_heads', `a divisor of num_attention_heads (${heads})`);
  if (json.head_dim == null && hiddenSize % heads !== 0) {
    throw fault('hidden_size', `a multiple of num_attention_heads (${heads})`);
  }
  const headSize = size('head_dim', Math.floor(hiddenSize / heads));
  if (headSize % 2 !== 0) throw fault('head_dim', 'even');
  const eps = json.rms_norm_eps ?? 1e-6;
  if (typeof eps !== 'number' || !(eps > 0 && eps < 1))
    throw fault('rms_norm_eps', 'a number between 0 and 1');
  const attentionBias = flag('attention_bias', false) && modelType !== 'mistral';
  const layers = size('num_hidden_layers', undefined, MAX_LAYERS);
  const isGemma = modelType === 'gemma3';
  const layersWithoutRope = layersWithoutRopeOf(json, modelType, layers, file);
  const rotarySize = rotarySizeOf(json, modelType, headSize, file);
  const ropes = ropesOf(json, modelType, rotarySize, file);
  const { scaling } = ropes.rope;
  const contextLength = size('max_position_embeddings', 2048);
  return {
    architecture: stated,
    modelType,
    vocabulary: size('vocab_size'),
    hiddenSize,
    intermediateSize: size('intermediate_size'),
    layers,
    heads,
    keyValueHeads,
    headSize,
    rotarySize,
    fusedProjections: modelType === 'phi3',
    // Beyond it other frequencies would hold, for a text's first tokens too.
    contextLength:
      scaling.kind === 'longrope' ? Math.min(contextLength, scaling.originalContext) : contextLength,
    rmsNormEps: eps,
    ...ropes,
    layersWithoutRope,
    tiedEmbeddings: flag('tie_word_embeddings', modelType === 'smollm3' || isGemma),
    qkvBias: attentionBias || modelType === 'qwen2',
    outputBias: attentionBias && modelType !== 'qwen2',
    mlpBias: flag('mlp_bias', false),
    qkNorm: modelType === 'qwen3' || isGemma,
    branchNorms: isGemma,
    normOffset: isGemma ? 1 : 0,
    activation,
    embeddingScale: isGemma ? Math.sqrt(hiddenSize) : 1,
    queryScale: (isGemma ? size('query_pre_attn_scalar', GEMMA3.scalar) : headSize) ** -0.5,
    ...windowsOf(json, modelType, layers, layersWithoutRope, file),
    bosTokenId: tokenIds(json.bos_token_id)[0] ?? null,
    eosTokenIds: tokenIds(json.eos_token_id),
  };
}
