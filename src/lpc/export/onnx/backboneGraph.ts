/**
 * The Llama family's forward pass in plain ONNX operators over whole sequences, (B, T) tokens, B and T free.
 * Hidden states are kept as (B·T, d).
 */
import { type BackboneConfig, windowOf } from '../../backbone/config.ts';
import { projectedIn } from '../../backbone/llama.ts';
import { GELU } from '../../backbone/ops.ts';
import { inverseFrequencies, type RopeConfig, rotaryScale } from '../../backbone/rope.ts';
import {
  EMBEDDING,
  FINAL_NORM,
  hasBias,
  type LinearModule,
  layerName,
  lmHeadName,
} from '../../backbone/weightNames.ts';
import type { GraphWriter } from './graphWriter.ts';

/** Added to the score of a hidden key. */
const HIDDEN = -1e9;

interface RotaryTables {
  readonly cos: string;
  readonly sin: string;
}

export interface BackboneGraph {
  /** Scalars, int64, shape (1). */
  readonly batch: string;
  readonly length: string;
  /** (T) int64: 0 … T − 1. */
  readonly places: string;
  embed(): string;
  /** Blocks `from` … `to` − 1; `shift` names what is added before a block, broadcast over (B·T, d). */
  run(hidden: string, from: number, to: number, shift?: (layer: number) => string): string;
  norm(hidden: string): string;
  /** (B·T, d) → (B·T, V). */
  head(hidden: string): string;
}

/** `weight` gives the name of an initialiser by its Hugging Face name; `ids` is (B, T) int64. */
export function backboneGraph(
  graph: GraphWriter,
  config: BackboneConfig,
  weight: (name: string) => string,
  ids: string,
): BackboneGraph {
  const { heads, keyValueHeads, headSize, rotarySize, hiddenSize } = config;
  const { attentionInputs, feedForwardInputs } = projectedIn(config);
  const shape = graph.node('Shape', [ids]);
  const at = (index: number): string => graph.node('Gather', [shape, graph.integers([index])]);
  const [batch, length] = [at(0), at(1)];
  const scalar = (value: string): string => graph.node('Squeeze', [value]);
  const places = graph.node('Range', [graph.integers([0], []), scalar(length), graph.integers([1], [])]);

  const everywhere = rotaryTablesOf(config.rope);
  const windowed = config.windowRope && rotaryTablesOf(config.windowRope);
  const tablesIn = (layer: number): RotaryTables =>
    windowed !== null && windowOf(config, layer) !== null ? windowed : everywhere;
  const masks = new Map<number | null, string>();
  const maskIn = (layer: number): string => {
    const window = windowOf(config, layer);
    const mask = masks.get(window) ?? maskOf(window);
    masks.set(window, mask);
    return mask;
  };

  function rotaryTablesOf(rope: RopeConfig): RotaryTables {
    const column = graph.node('Unsqueeze', [
      graph.node('Cast', [places], { to: { type: 'float32' } }),
      graph.integers([1]),
    ]);
    const frequencies = inverseFrequencies(rope, rotarySize);
    const angles = graph.node('Mul', [column, graph.floats(frequencies, [1, frequencies.length])]); // (T, size/2)
    const scale = graph.floats([rotaryScale(rope)], []);
    const table = (op: string): string => graph.node('Mul', [graph.node(op, [angles]), scale]);
    return { cos: table('Cos'), sin: table('Sin') };
  }

  /** (T, T): 0 where the row's token sees the column's. */
  function maskOf(window: number | null): string {
    const row = graph.node('Unsqueeze', [places, graph.integers([1])]);
    const column = graph.node('Unsqueeze', [places, graph.integers([0])]);
    let seen = graph.node('LessOrEqual', [column, row]);
    if (window !== null) {
      const near = graph.node('Less', [graph.node('Sub', [row, column]), graph.integers([window], [])]);
      seen = graph.node('And', [seen, near]);
    }
    return graph.node('Where', [seen, graph.floats([0], []), graph.floats([HIDDEN], [])]);
  }

  function rmsNorm(x: string, name: string): string {
    const square = graph.node('Mul', [x, x]);
    const mean = graph.node('ReduceMean', [square], { axes: [-1], keepdims: 1 });
    const root = graph.node('Sqrt', [graph.node('Add', [mean, graph.floats([config.rmsNormEps], [])])]);
    const gain =
      config.normOffset === 0
        ? weight(name)
        : graph.node('Add', [weight(name), graph.floats([config.normOffset], [])]);
    return graph.node('Mul', [graph.node('Div', [x, root]), gain]);
  }

  function project(x: string, layer: number, module: LinearModule): string {
    const target = layerName(layer, module);
    const bias = hasBias(config, module) ? [weight(`${target}.bias`)] : [];
    return graph.node('Gemm', [x, weight(`${target}.weight`), ...bias], { transB: 1 });
  }

  /** As many modules, or the parts of a fused one. */
  function projections(x: string, layer: number, { modules, widths }: typeof attentionInputs): string[] {
    const all = modules.map((module) => project(x, layer, module));
    if (modules.length > 1) return all;
    return graph.nodes('Split', [all[0] as string, graph.integers([...widths])], widths.length, { axis: 1 });
  }

  /** (B·T, count·size) → (B, T, count, size). */
  const splitHeads = (x: string, count: number): string =>
    graph.node('Reshape', [
      x,
      graph.node('Concat', [batch, length, graph.integers([count, headSize])], { axis: 0 }),
    ]);
  const headsFirst = (x: string): string => graph.node('Transpose', [x], { perm: [0, 2, 1, 3] });

  function rotate(x: string, { cos, sin }: RotaryTables): string {
    const half = rotarySize / 2;
    const rest = headSize - rotarySize;
    const sizes = rest === 0 ? [half, half] : [half, half, rest];
    const [first, second, ...kept] = graph.nodes('Split', [x, graph.integers(sizes)], sizes.length, {
      axis: 3,
    }) as [string, string, ...string[]];
    const turn = (left: string, right: string, op: string): string =>
      graph.node(op, [graph.node('Mul', [left, cos]), graph.node('Mul', [right, sin])]);
    return graph.node('Concat', [turn(first, second, 'Sub'), turn(second, first, 'Add'), ...kept], {
      axis: 3,
    });
  }

  /** (B, keyValueHeads, T, size) → (B, heads, T, size). */
  function shared(x: string): string {
    const group = heads / keyValueHeads;
    if (group === 1) return x;
    const to = (...dimensions: (number | string)[]): string =>
      graph.node(
        'Concat',
        dimensions.map((dimension) =>
          typeof dimension === 'number' ? graph.integers([dimension]) : dimension,
        ),
        { axis: 0 },
      );
    const spread = graph.node('Expand', [
      graph.node('Unsqueeze', [x, graph.integers([2])]),
      to(batch, keyValueHeads, group, length, headSize),
    ]);
    return graph.node('Reshape', [spread, to(batch, heads, length, headSize)]);
  }

  function attention(x: string, layer: number): string {
    const [q_, k_, v_] = projections(x, layer, attentionInputs) as [string, string, string];
    let q = splitHeads(q_, heads);
    let k = splitHeads(k_, keyValueHeads);
    const v = splitHeads(v_, keyValueHeads);
    if (config.qkNorm) {
      q = rmsNorm(q, layerName(layer, 'self_attn.q_norm.weight'));
      k = rmsNorm(k, layerName(layer, 'self_attn.k_norm.weight'));
    }
    q = headsFirst(q);
    k = headsFirst(k);
    if (!config.layersWithoutRope.includes(layer)) {
      q = rotate(q, tablesIn(layer));
      k = rotate(k, tablesIn(layer));
    }
    const keys = graph.node('Transpose', [shared(k)], { perm: [0, 1, 3, 2] });
    const scores = graph.node('Mul', [
      graph.node('MatMul', [q, keys]),
      graph.floats([config.queryScale], []),
    ]);
    const weights = graph.node('Softmax', [graph.node('Add', [scores, maskIn(layer)])], { axis: -1 });
    const mixed = headsFirst(graph.node('MatMul', [weights, shared(headsFirst(v))]));
    const flat = graph.node('Reshape', [mixed, graph.integers([-1, heads * headSize])]);
    return project(flat, layer, 'self_attn.o_proj');
  }

  function feedForward(x: string, layer: number): string {
    const [gate, up] = projections(x, layer, feedForwardInputs) as [string, string];
    const steepness =
      config.activation === 'silu'
        ? gate
        : graph.node('Mul', [
            gate,
            graph.node('Add', [
              graph.node('Mul', [graph.node('Mul', [gate, gate]), graph.floats([GELU.cubic], [])]),
              graph.floats([GELU.linear], []),
            ]),
          ]);
    const active = graph.node('Mul', [gate, graph.node('Sigmoid', [steepness])]);
    return project(graph.node('Mul', [active, up]), layer, 'mlp.down_proj');
  }

  function block(hidden: string, layer: number): string {
    const named = (rest: string): string => layerName(layer, `${rest}_layernorm.weight`);
    const afterAttention = named('post_attention');
    const added = attention(rmsNorm(hidden, named('input')), layer);
    const attended = graph.node('Add', [hidden, config.branchNorms ? rmsNorm(added, afterAttention) : added]);
    const before = config.branchNorms ? named('pre_feedforward') : afterAttention;
    const fed = feedForward(rmsNorm(attended, before), layer);
    return graph.node('Add', [attended, config.branchNorms ? rmsNorm(fed, named('post_feedforward')) : fed]);
  }

  return {
    batch,
    length,
    places,
    embed: () => {
      const rows = graph.node('Gather', [weight(EMBEDDING), ids]);
      const flat = graph.node('Reshape', [rows, graph.integers([-1, hiddenSize])]);
      const { embeddingScale } = config;
      return embeddingScale === 1 ? flat : graph.node('Mul', [flat, graph.floats([embeddingScale], [])]);
    },
    run(hidden, from, to, shift) {
      let state = hidden;
      for (let layer = from; layer < to; layer++)
        state = block(shift ? graph.node('Add', [state, shift(layer)]) : state, layer);
      return state;
    },
    norm: (hidden) => rmsNorm(hidden, FINAL_NORM),
    head: (hidden) => graph.node('Gemm', [hidden, weight(lmHeadName(config))], { transB: 1 }),
  };
}
