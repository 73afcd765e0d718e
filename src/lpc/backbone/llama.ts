/** The forward pass of the Llama family over one packed row. */
import type { Tensor } from '#compute/program.ts';
import { rmsNorm } from '#compute/rmsNorm.ts';
import { tf } from '#compute/tf.ts';
import { attend, attentionPlans, type RowLayout } from './attention.ts';
import { type BackboneConfig, windowOf } from './config.ts';
import { gatedGelu, gatedSilu, linear, type RotaryTables, rotaryTables, rotate } from './ops.ts';
import { recomputed } from './recompute.ts';
import { inverseFrequencies, type RopeConfig, rotaryScale } from './rope.ts';
import {
  EMBEDDING,
  FINAL_NORM,
  hasBias,
  LINEAR_MODULES,
  type LinearModule,
  layerName,
  weightNames,
} from './weightNames.ts';

/** A tensor of the backbone by its Hugging Face name. */
export type WeightOf = (name: string) => Tensor;

export interface BackboneRow extends RowLayout {
  /** (T) token ids. */
  readonly tokens: Tensor;
}

/** LoRA: what the forward pass adds to its linear modules. A target is e.g. `model.layers.0.self_attn.q_proj`. */
export interface Adapter {
  /** α / r. */
  readonly scale: number;
  has(target: string): boolean;
  /** (r, in) */
  a(target: string): Tensor;
  /** (out, r) */
  b(target: string): Tensor;
  /** Dropout on the adapter's input, (T, in); absent where none is dropped. */
  dropped?(target: string, x: Tensor): Tensor;
}

export interface BlockOptions {
  /**
   * Keeps only each block's input for the backward pass, which computes the block again: less memory, about a third more
   * time. Gradients then reach the adapter alone where there is one, else the weights; `dropped` is called again.
   */
  readonly recompute?: boolean;
}

/** The forward pass in parts, over one row's layout: what lies below some block can be computed once. */
export interface Blocks {
  /** (T) token ids → (T, d). */
  embed(tokens: Tensor): Tensor;
  /** Blocks `from` … `to` − 1; `shift` gives what is added to the hidden state before a block, (T, d). */
  run(hidden: Tensor, from: number, to: number, shift?: (layer: number) => Tensor): Tensor;
  /** The final norm, (T, d) → (T, d). */
  norm(hidden: Tensor): Tensor;
}

/**
 * Attention of one layer: q (T, heads, size), scaled, k and v (T, keyValueHeads, size), q and k after norm
 * and rotation; returns (T, heads · size).
 */
export type Attend = (layer: number, q: Tensor, k: Tensor, v: Tensor) => Tensor;

interface RowContext {
  readonly queryTables: RotaryTables;
  readonly keyTables: RotaryTables;
}

/**
 * Hidden states after the final norm, (T, d), of a row of T tokens. Each pair's chosen and rejected reply see its prompt
 * and not each other; padding rows hold finite values without meaning.
 */
export function backboneHidden(
  config: BackboneConfig,
  weight: WeightOf,
  row: BackboneRow,
  adapter?: Adapter,
  options: BlockOptions = {},
): Tensor {
  const blocks = backboneBlocks(config, weight, row, adapter, options);
  return blocks.norm(blocks.run(blocks.embed(row.tokens), 0, config.layers));
}

/** Blocks over a packed row. */
export function backboneBlocks(
  config: BackboneConfig,
  weight: WeightOf,
  row: RowLayout,
  adapter?: Adapter,
  { recompute = false }: BlockOptions = {},
): Blocks {
  const blocksOf = (weightOf: WeightOf, adapterOf: Adapter | undefined): Blocks => {
    const planOf = attentionPlans(row, config);
    // Within a block that is computed again nothing is kept for long.
    const kept = recompute ? Number.POSITIVE_INFINITY : undefined;
    const attendIn: Attend = (layer, q, k, v) => attend(q, k, v, planOf(layer), kept);
    return blocksWith(config, weightOf, row.positions, attendIn, adapterOf);
  };
  const blocks = blocksOf(weight, adapter);
  if (!recompute) return blocks;
  const block = (hidden: Tensor, layer: number): Tensor => {
    const names = trainedNames(config, layer, adapter);
    const again = (x: Tensor, trained: readonly Tensor[]): Tensor => {
      const given = new Map(names.map((name, index) => [name, trained[index] as Tensor]));
      const weightOf: WeightOf = (name) => given.get(name) ?? weight(name);
      return blocksOf(weightOf, adapter && adapterFrom(adapter, given)).run(x, layer, layer + 1);
    };
    const trained = names.map((name) => trainedTensor(name, weight, adapter));
    return recomputed((x) => blocks.run(x, layer, layer + 1), again, hidden, trained);
  };
  return { ...blocks, run: (hidden, from, to, shift) => runBlocks(block, hidden, from, to, shift) };
}

const LORA_A = '.lora-a';
const LORA_B = '.lora-b';

/** What trains in a block: the adapter where there is one, over weights at rest; else every weight. */
function trainedNames(config: BackboneConfig, layer: number, adapter: Adapter | undefined): string[] {
  if (adapter === undefined)
    return weightNames(config).filter((name) => name.startsWith(layerName(layer, '')));
  const targets = LINEAR_MODULES.map((module) => layerName(layer, module));
  return targets
    .filter((target) => adapter.has(target))
    .flatMap((target) => [`${target}${LORA_A}`, `${target}${LORA_B}`]);
}

function trainedTensor(name: string, weight: WeightOf, adapter: Adapter | undefined): Tensor {
  if (name.endsWith(LORA_A)) return (adapter as Adapter).a(name.slice(0, -LORA_A.length));
  if (name.endsWith(LORA_B)) return (adapter as Adapter).b(name.slice(0, -LORA_B.length));
  return weight(name);
}

const adapterFrom = (adapter: Adapter, given: ReadonlyMap<string, Tensor>): Adapter => ({
  ...adapter,
  has: (target) => adapter.has(target),
  a: (target) => given.get(`${target}${LORA_A}`) ?? adapter.a(target),
  b: (target) => given.get(`${target}${LORA_B}`) ?? adapter.b(target),
});

function runBlocks(
  block: (hidden: Tensor, layer: number) => Tensor,
  hidden: Tensor,
  from: number,
  to: number,
  shift?: (layer: number) => Tensor,
): Tensor {
  let state = hidden;
  for (let layer = from; layer < to; layer++)
    state = block(shift ? tf.add(state, shift(layer)) : state, layer);
  return state;
}

/** Blocks over tokens at `positions` (T) with attention of the caller's, which may look beyond the row. */
export function blocksWith(
  config: BackboneConfig,
  weight: WeightOf,
  positions: Tensor,
  attendIn: Attend,
  adapter?: Adapter,
): Blocks {
  const { heads, keyValueHeads, headSize, queryScale } = config;
  const tokens = positions.shape[0] as number;
  const tablesOf = (rope: RopeConfig): RowContext => {
    const frequencies = inverseFrequencies(rope, headSize);
    const scale = rotaryScale(rope);
    return {
      // The scale of attention rides on the query's rotation.
      queryTables: rotaryTables(positions, frequencies, scale * queryScale),
      keyTables: rotaryTables(positions, frequencies, scale),
    };
  };
  const everywhere = tablesOf(config.rope);
  const windowed = config.windowRope && tablesOf(config.windowRope);
  const tablesIn = (layer: number): RowContext =>
    windowed !== null && windowOf(config, layer) !== null ? windowed : everywhere;
  const norm = (x: Tensor, name: string): Tensor => normed(config, x, weight(name));

  const project = (x: Tensor, layer: number, module: LinearModule): Tensor => {
    const target = layerName(layer, module);
    let y = linear(x, weight(`${target}.weight`));
    if (adapter?.has(target)) {
      const kept = adapter.dropped ? adapter.dropped(target, x) : x;
      const low = tf.mul(linear(kept, adapter.a(target)), adapter.scale);
      y = tf.add(y, linear(low, adapter.b(target)));
    }
    return hasBias(config, module) ? tf.add(y, weight(`${target}.bias`)) : y;
  };

  const attention = (x: Tensor, layer: number): Tensor => {
    let q = tf.reshape(project(x, layer, 'self_attn.q_proj'), [tokens, heads, headSize]);
    let k = tf.reshape(project(x, layer, 'self_attn.k_proj'), [tokens, keyValueHeads, headSize]);
    const v = tf.reshape(project(x, layer, 'self_attn.v_proj'), [tokens, keyValueHeads, headSize]);
    if (config.qkNorm) {
      q = norm(q, layerName(layer, 'self_attn.q_norm.weight'));
      k = norm(k, layerName(layer, 'self_attn.k_norm.weight'));
    }
    if (config.layersWithoutRope.includes(layer)) {
      q = tf.mul(q, queryScale);
    } else {
      const { queryTables, keyTables } = tablesIn(layer);
      q = rotate(q, queryTables);
      k = rotate(k, keyTables);
    }
    return project(attendIn(layer, q, k, v), layer, 'self_attn.o_proj');
  };

  const gated = config.activation === 'gelu' ? gatedGelu : gatedSilu;
  const feedForward = (x: Tensor, layer: number): Tensor =>
    project(
      gated(project(x, layer, 'mlp.gate_proj'), project(x, layer, 'mlp.up_proj')),
      layer,
      'mlp.down_proj',
    );

  const block = (hidden: Tensor, layer: number): Tensor => {
    const named = (rest: string): string => layerName(layer, `${rest}_layernorm.weight`);
    const afterAttention = named('post_attention');
    const added = attention(norm(hidden, named('input')), layer);
    const attended = tf.add(hidden, config.branchNorms ? norm(added, afterAttention) : added);
    const before = config.branchNorms ? named('pre_feedforward') : afterAttention;
    const fed = feedForward(norm(attended, before), layer);
    return tf.add(attended, config.branchNorms ? norm(fed, named('post_feedforward')) : fed);
  };

  return {
    embed: (ids) => {
      const rows = tf.gather(weight(EMBEDDING), ids as never);
      return config.embeddingScale === 1 ? rows : tf.mul(rows, config.embeddingScale);
    },
    run: (hidden, from, to, shift) => runBlocks(block, hidden, from, to, shift),
    norm: (hidden) => norm(hidden, FINAL_NORM),
  };
}

function normed({ normOffset, rmsNormEps }: BackboneConfig, x: Tensor, weight: Tensor): Tensor {
  return rmsNorm(x, normOffset === 0 ? weight : tf.add(weight, normOffset), rmsNormEps);
}
