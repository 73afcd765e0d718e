/** The forward pass of the Llama family over one packed row. */
import type { Tensor } from '#compute/program.ts';
import { rmsNorm } from '#compute/rmsNorm.ts';
import { tf } from '#compute/tf.ts';
import { attend, attentionPlans, type RowLayout } from './attention.ts';
import { type BackboneConfig, windowOf } from './config.ts';
import { gatedGelu, gatedSilu, linear, type RotaryTables, rotaryTables, rotate } from './ops.ts';
import { recomputed, remade } from './recompute.ts';
import { inverseFrequencies, type RopeConfig, rotaryScale } from './rope.ts';
import { type Adapter, trainedPart, type WeightOf, type Weights } from './trained.ts';
import { EMBEDDING, FINAL_NORM, hasBias, type LinearModule, layerName } from './weightNames.ts';

export interface BackboneRow extends RowLayout {
  /** (T) token ids. */
  readonly tokens: Tensor;
}

export interface BlockOptions {
  /**
   * Keeps only each block's input for the backward pass, which computes the block again: less memory, about a third more
   * time. Gradients then reach the adapter alone where there is one, else the weights; `dropped` is called again.
   */
  readonly recompute?: boolean;
  /**
   * Attention's weights of a layer, and its feed-forward array between the halves, are each kept up to so many bytes for
   * the backward pass, else made again with what else costs little.
   */
  readonly keptBytes?: number | undefined;
  /** Every weight trains: arrays of the backward pass go as soon as the gradients of the weights they pass are known. */
  readonly weightsTrain?: boolean;
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
  { recompute = false, keptBytes, weightsTrain = false }: BlockOptions = {},
): Blocks {
  // Within a block that is computed again nothing is kept for long.
  const kept = recompute ? Number.POSITIVE_INFINITY : keptBytes;
  const own: Weights = { weight, adapter };
  const blocksOf = (weights: Weights): Blocks => {
    const planOf = attentionPlans(row, config);
    const attendIn: Attend = (layer, q, k, v) => attend(q, k, v, planOf(layer), kept);
    return blocksWith(config, weights, row.positions, attendIn, { keptBytes: kept, weightsTrain });
  };
  const blocks = blocksOf(own);
  if (!recompute) return blocks;
  const block = (hidden: Tensor, layer: number): Tensor => {
    const trained = trainedPart(config, layer, [''], own);
    const again = (x: Tensor, given: readonly Tensor[]): Tensor =>
      blocksOf(trained.given(given)).run(x, layer, layer + 1);
    return recomputed((x) => blocks.run(x, layer, layer + 1), again, hidden, trained.tensors);
  };
  return { ...blocks, run: (hidden, from, to, shift) => runBlocks(block, hidden, from, to, shift) };
}

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

/** What is made of one normed state, and how wide its parts are. */
interface Projected {
  readonly modules: readonly LinearModule[];
  readonly widths: readonly number[];
}

/** Inputs of attention (query, key, value) and of the gated feed-forward. */
export function projectedIn(config: BackboneConfig): {
  readonly attentionInputs: Projected;
  readonly feedForwardInputs: Projected;
} {
  const { heads, keyValueHeads, headSize, intermediateSize, fusedProjections } = config;
  const [keys, gate] = [keyValueHeads * headSize, intermediateSize];
  return {
    attentionInputs: {
      modules: fusedProjections
        ? ['self_attn.qkv_proj']
        : ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj'],
      widths: [heads * headSize, keys, keys],
    },
    feedForwardInputs: {
      modules: fusedProjections ? ['mlp.gate_up_proj'] : ['mlp.gate_proj', 'mlp.up_proj'],
      widths: [gate, gate],
    },
  };
}

const INPUT_NORM = 'input_layernorm.weight';
const FEED_FORWARD_NORM = 'post_attention_layernorm.weight';
/** Before the feed-forward block where each branch has a norm behind it too. */
const BRANCH_NORM = 'pre_feedforward_layernorm.weight';
/** A row whose array between the two halves of a feed-forward block is larger keeps no array that costs little to make again. */
const KEPT_BYTES = 4 * 2 ** 20;

/**
 * Blocks over tokens at `positions` (T) with attention of the caller's, which may look beyond the row. For the backward pass
 * norms and activations are kept up to `keptBytes`, else made again from what enters them.
 */
export function blocksWith(
  config: BackboneConfig,
  own: Weights,
  positions: Tensor,
  attendIn: Attend,
  { keptBytes = KEPT_BYTES, weightsTrain = false }: Omit<BlockOptions, 'recompute'> = {},
): Blocks {
  const { heads, keyValueHeads, headSize, rotarySize, queryScale } = config;
  const tokens = positions.shape[0] as number;
  const tablesOf = (rope: RopeConfig): RowContext => {
    const frequencies = inverseFrequencies(rope, rotarySize);
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
  const norm = (x: Tensor, name: string, { weight } = own): Tensor => normed(config, x, weight(name));
  const { attentionInputs, feedForwardInputs } = projectedIn(config);
  const sparing = 4 * tokens * config.intermediateSize > keptBytes;

  const project = (x: Tensor, layer: number, module: LinearModule, { weight, adapter } = own): Tensor => {
    const target = layerName(layer, module);
    let y = linear(x, weight(`${target}.weight`));
    if (adapter?.has(target)) {
      const kept = adapter.dropped ? adapter.dropped(target, x) : x;
      const low = tf.mul(linear(kept, adapter.a(target)), adapter.scale);
      y = tf.add(y, linear(low, adapter.b(target)));
    }
    return hasBias(config, module) ? tf.add(y, weight(`${target}.bias`)) : y;
  };

  /** f of the inputs and of what trains in these parts, made again for the gradient where that spares memory. */
  const part = (
    layer: number,
    parts: readonly string[],
    inputs: readonly Tensor[],
    f: (inputs: readonly Tensor[], weights: Weights) => Tensor,
  ): Tensor => {
    if (!sparing) return f(inputs, own);
    const { tensors, given } = trainedPart(config, layer, parts, own);
    // Nothing waits for a gradient that nobody asks for.
    const [asked, unknown] = own.adapter || weightsTrain ? [tensors, []] : [[], tensors];
    return remade(
      (all, trained) => f(all.slice(0, inputs.length), given([...all.slice(inputs.length), ...trained])),
      [...inputs, ...unknown],
      asked,
    );
  };

  /** Linear modules of one normed state, (T, width) each: as many modules, or a fused one. */
  const projections = (
    x: Tensor,
    layer: number,
    before: string,
    { modules, widths }: Projected,
  ): Tensor[] => {
    const isFused = modules.length === 1;
    if (!sparing && !isFused) {
      const state = norm(x, layerName(layer, before));
      return modules.map((module) => project(state, layer, module));
    }
    const joined = part(layer, [before, ...modules], [x], ([from], weights) => {
      const state = norm(from as Tensor, layerName(layer, before), weights);
      const all = modules.map((module) => project(state, layer, module, weights));
      return isFused ? (all[0] as Tensor) : tf.concat(all, 1);
    });
    return tf.split(joined, [...widths], 1);
  };

  /** The first dimensions of each head by their positions, the others as they are, times `scale`. */
  const turned = (x: Tensor, tables: RotaryTables, scale: number): Tensor => {
    if (rotarySize === headSize) return rotate(x, tables);
    const [first, rest] = tf.split(x, [rotarySize, headSize - rotarySize], 2) as [Tensor, Tensor];
    return tf.concat([rotate(first, tables), scale === 1 ? rest : tf.mul(rest, scale)], 2);
  };

  const attention = (hidden: Tensor, layer: number): Tensor => {
    const [q_, k_, v_] = projections(hidden, layer, INPUT_NORM, attentionInputs) as [Tensor, Tensor, Tensor];
    let q = tf.reshape(q_, [tokens, heads, headSize]);
    let k = tf.reshape(k_, [tokens, keyValueHeads, headSize]);
    const v = tf.reshape(v_, [tokens, keyValueHeads, headSize]);
    if (config.qkNorm) {
      q = norm(q, layerName(layer, 'self_attn.q_norm.weight'));
      k = norm(k, layerName(layer, 'self_attn.k_norm.weight'));
    }
    if (config.layersWithoutRope.includes(layer)) {
      q = tf.mul(q, queryScale);
    } else {
      const { queryTables, keyTables } = tablesIn(layer);
      q = turned(q, queryTables, queryScale);
      k = turned(k, keyTables, 1);
    }
    return part(layer, ['self_attn.o_proj'], [attendIn(layer, q, k, v)], ([mixed], weights) =>
      project(mixed as Tensor, layer, 'self_attn.o_proj', weights),
    );
  };

  const gated = config.activation === 'gelu' ? gatedGelu : gatedSilu;
  const feedForward = (x: Tensor, layer: number, before: string): Tensor => {
    const halves = projections(x, layer, before, feedForwardInputs);
    return part(layer, ['mlp.down_proj'], halves, ([gate, up], weights) =>
      project(gated(gate as Tensor, up as Tensor), layer, 'mlp.down_proj', weights),
    );
  };

  const block = (hidden: Tensor, layer: number): Tensor => {
    const named = (rest: string): string => layerName(layer, `${rest}_layernorm.weight`);
    const added = attention(hidden, layer);
    const attended = tf.add(hidden, config.branchNorms ? norm(added, named('post_attention')) : added);
    const fed = feedForward(attended, layer, config.branchNorms ? BRANCH_NORM : FEED_FORWARD_NORM);
    return tf.add(attended, config.branchNorms ? norm(fed, named('post_feedforward')) : fed);
  };

  return {
    embed: (ids) => {
      const rows = tf.gather(own.weight(EMBEDDING), ids as never);
      return config.embeddingScale === 1 ? rows : tf.mul(rows, config.embeddingScale);
    },
    run: (hidden, from, to, shift) => runBlocks(block, hidden, from, to, shift),
    norm: (hidden) => norm(hidden, FINAL_NORM),
  };
}

function normed({ normOffset, rmsNormEps }: BackboneConfig, x: Tensor, weight: Tensor): Tensor {
  return rmsNorm(x, normOffset === 0 ? weight : tf.add(weight, normOffset), rmsNormEps);
}
