import type { BackboneConfig } from '../backbone/config.ts';

/** llama.cpp's tensor names for the names that Hugging Face gives. */
const WHOLE: Readonly<Record<string, string>> = {
  'model.embed_tokens': 'token_embd',
  'model.norm': 'output_norm',
  lm_head: 'output',
};
const OF_LAYER: Readonly<Record<string, string>> = {
  input_layernorm: 'attn_norm',
  'self_attn.q_proj': 'attn_q',
  'self_attn.k_proj': 'attn_k',
  'self_attn.v_proj': 'attn_v',
  'self_attn.qkv_proj': 'attn_qkv',
  'self_attn.o_proj': 'attn_output',
  'self_attn.q_norm': 'attn_q_norm',
  'self_attn.k_norm': 'attn_k_norm',
  post_attention_layernorm: 'ffn_norm',
  'mlp.gate_proj': 'ffn_gate',
  'mlp.up_proj': 'ffn_up',
  // llama.cpp's name of gate and up in one.
  'mlp.gate_up_proj': 'ffn_up',
  'mlp.down_proj': 'ffn_down',
};

/** Where branches have norms of their own, the norm after attention is another than that before the feed-forward. */
const OF_BRANCHES: Readonly<Record<string, string>> = {
  post_attention_layernorm: 'post_attention_norm',
  pre_feedforward_layernorm: 'ffn_norm',
  post_feedforward_layernorm: 'post_ffw_norm',
};

/** `model.layers.3.mlp.up_proj.weight` → `blk.3.ffn_up.weight`. Throws RangeError for a name that the backbone does not use. */
export function ggufName(name: string, { branchNorms }: Pick<BackboneConfig, 'branchNorms'>): string {
  const [, module, kind] = /^(.*)\.(weight|bias)$/.exec(name) ?? [];
  const [, layer, part] = /^model\.layers\.(\d+)\.(.*)$/.exec(module ?? '') ?? [];
  const ofLayer = (of: string): string | undefined =>
    (branchNorms ? OF_BRANCHES[of] : undefined) ?? OF_LAYER[of];
  const found = part === undefined ? WHOLE[module ?? ''] : ofLayer(part);
  if (found === undefined) throw new RangeError(`no GGUF tensor is known for ${name}`);
  return part === undefined ? `${found}.${kind}` : `blk.${layer}.${found}.${kind}`;
}

export const isNorm = (name: string): boolean => /norm\.weight$/.test(name);

/** Heads whose rows llama.cpp interleaves in this tensor; null where it leaves them. */
export function interleavedHeadsOf(
  name: string,
  { heads, keyValueHeads }: { readonly heads: number; readonly keyValueHeads: number },
): number | null {
  if (/\.self_attn\.q_proj\./.test(name)) return heads;
  if (/\.self_attn\.k_proj\./.test(name)) return keyValueHeads;
  return null;
}
