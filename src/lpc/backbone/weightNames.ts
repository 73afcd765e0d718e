/** Names and shapes of a backbone's tensors, as Hugging Face folders call them. */
import type { NamedSpecs } from '#compute/program.ts';
import type { BackboneConfig } from './config.ts';

export const EMBEDDING = 'model.embed_tokens.weight';
export const FINAL_NORM = 'model.norm.weight';

const MODULES = [
  'self_attn.q_proj',
  'self_attn.k_proj',
  'self_attn.v_proj',
  'self_attn.o_proj',
  'mlp.gate_proj',
  'mlp.up_proj',
  'mlp.down_proj',
] as const;
const FUSED_MODULES = [
  'self_attn.qkv_proj',
  'self_attn.o_proj',
  'mlp.gate_up_proj',
  'mlp.down_proj',
] as const;
export type LinearModule = (typeof MODULES)[number] | (typeof FUSED_MODULES)[number];

/** Modules of a layer that LoRA adapts, in the order of the forward pass. */
export const linearModules = ({
  fusedProjections,
}: Pick<BackboneConfig, 'fusedProjections'>): readonly LinearModule[] =>
  fusedProjections ? FUSED_MODULES : MODULES;

export const layerName = (layer: number, rest: string): string => `model.layers.${layer}.${rest}`;

/** Name of the (vocabulary, d) matrix that turns hidden states into logits. */
export const lmHeadName = (config: BackboneConfig): string =>
  config.tiedEmbeddings ? EMBEDDING : 'lm_head.weight';

/** (out, in) of a layer's linear module. */
export function linearShape(config: BackboneConfig, module: LinearModule): readonly [number, number] {
  const { hiddenSize, intermediateSize, heads, keyValueHeads, headSize } = config;
  switch (module) {
    case 'self_attn.q_proj':
      return [heads * headSize, hiddenSize];
    case 'self_attn.k_proj':
    case 'self_attn.v_proj':
      return [keyValueHeads * headSize, hiddenSize];
    case 'self_attn.qkv_proj':
      return [(heads + 2 * keyValueHeads) * headSize, hiddenSize];
    case 'self_attn.o_proj':
      return [hiddenSize, heads * headSize];
    case 'mlp.gate_proj':
    case 'mlp.up_proj':
      return [intermediateSize, hiddenSize];
    case 'mlp.gate_up_proj':
      return [2 * intermediateSize, hiddenSize];
    case 'mlp.down_proj':
      return [hiddenSize, intermediateSize];
  }
}

export function hasBias(config: BackboneConfig, module: LinearModule): boolean {
  if (module === 'self_attn.o_proj') return config.outputBias;
  return module.startsWith('mlp.') ? config.mlpBias : config.qkvBias;
}

/** Shape of every tensor the backbone and its LM head read, by name. */
export function weightShapes(config: BackboneConfig): Record<string, readonly number[]> {
  const { hiddenSize, headSize, vocabulary } = config;
  const shapes: Record<string, readonly number[]> = { [EMBEDDING]: [vocabulary, hiddenSize] };
  for (let layer = 0; layer < config.layers; layer++) {
    shapes[layerName(layer, 'input_layernorm.weight')] = [hiddenSize];
    for (const module of linearModules(config)) {
      const shape = linearShape(config, module);
      shapes[layerName(layer, `${module}.weight`)] = shape;
      if (hasBias(config, module)) shapes[layerName(layer, `${module}.bias`)] = [shape[0]];
    }
    if (config.qkNorm) {
      shapes[layerName(layer, 'self_attn.q_norm.weight')] = [headSize];
      shapes[layerName(layer, 'self_attn.k_norm.weight')] = [headSize];
    }
    shapes[layerName(layer, 'post_attention_layernorm.weight')] = [hiddenSize];
    if (config.branchNorms) {
      shapes[layerName(layer, 'pre_feedforward_layernorm.weight')] = [hiddenSize];
      shapes[layerName(layer, 'post_feedforward_layernorm.weight')] = [hiddenSize];
    }
  }
  shapes[FINAL_NORM] = [hiddenSize];
  if (!config.tiedEmbeddings) shapes[lmHeadName(config)] = [vocabulary, hiddenSize];
  return shapes;
}

export const weightSpecs = (config: BackboneConfig): NamedSpecs =>
  Object.fromEntries(
    Object.entries(weightShapes(config)).map(([name, shape]) => [name, { shape, dtype: 'float32' }]),
  );

export const weightNames = (config: BackboneConfig): string[] => Object.keys(weightShapes(config));

/** Parameters of the backbone, each counted once. */
export const parameterCount = (config: BackboneConfig): number =>
  Object.values(weightShapes(config)).reduce(
    (total, shape) => total + shape.reduce((product, size) => product * size, 1),
    0,
  );
