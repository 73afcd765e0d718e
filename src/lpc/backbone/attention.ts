/** Which tokens of a packed row see which, and attention over it, in blocks of queries that skip keys nobody sees. */
import { after } from '#compute/after.ts';
import type { Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { type BackboneConfig, windowOf } from './config.ts';

/** Added to the score of a hidden key: finite, so that no gradient becomes NaN. */
const HIDDEN = -1e9;
/** Queries of a block: fewer skip more keys, but make more and smaller products. */
const SMALLEST_BLOCK = 128;
const MOST_BLOCKS = 8;

export interface RowLayout {
  /** (T) rotary positions. */
  readonly positions: Tensor;
  /** (T) pair slot, −1 for padding. */
  readonly pairOf: Tensor;
  /** (T) 0 prompt, 1 chosen, 2 rejected. */
  readonly branch: Tensor;
  /** No pair of the row has more tokens than this; T where absent. Short pairs make attention cheaper. */
  readonly span?: number;
}

/** A block of queries and the only keys that any of them may see. */
interface AttentionBlock {
  readonly firstQuery: number;
  readonly queries: number;
  readonly firstKey: number;
  readonly keys: number;
  /** (queries, keys): 0 where seen, else −1e9. */
  readonly mask: Tensor;
}

export type AttentionPlan = readonly AttentionBlock[];

/** Of a pair: its prompt, both replies, and a reply to another prompt. */
const BRANCHES = 4;

/**
 * Query i sees key j iff j ≤ i, both are of one pair, and j is of the prompt or of i's branch. A padding token sees
 * itself alone. With a sliding window, i sees no key whose position is `slidingWindow` or more before its own.
 * The plan is made once per row and serves every layer.
 */
export function attentionPlan(layout: RowLayout, slidingWindow: number | null): AttentionPlan {
  const { pairOf, branch, positions } = layout;
  const tokens = pairOf.shape[0] as number;
  const span = Math.min(layout.span ?? tokens, tokens);
  const index = tf.range(0, tokens, 1, 'int32');
  const isPadding = tf.less(pairOf, 0);
  // One number per (pair, branch), and one of its own for each padding token.
  const own = tf.where(isPadding, tf.sub(-3, index), tf.add(tf.mul(pairOf, BRANCHES), branch));
  const prompt = tf.where(isPadding, own, tf.mul(pairOf, BRANCHES));
  const blockSize = Math.max(SMALLEST_BLOCK, Math.ceil(tokens / MOST_BLOCKS));

  const plan: AttentionBlock[] = [];
  for (let firstQuery = 0; firstQuery < tokens; firstQuery += blockSize) {
    const queries = Math.min(blockSize, tokens - firstQuery);
    const firstKey = Math.max(0, firstQuery - span + 1);
    const keys = firstQuery + queries - firstKey;
    const asQuery = (x: Tensor): Tensor => tf.reshape(tf.slice(x, [firstQuery], [queries]), [queries, 1]);
    const asKey = (x: Tensor): Tensor => tf.reshape(tf.slice(x, [firstKey], [keys]), [1, keys]);
    const sameBranch = tf.equal(asQuery(own), asKey(own));
    const ofPrompt = tf.equal(asQuery(prompt), asKey(own));
    const earlier = tf.lessEqual(asKey(index), asQuery(index));
    let visible = tf.logicalAnd(earlier, tf.logicalOr(sameBranch, ofPrompt));
    if (slidingWindow !== null && tokens > slidingWindow) {
      const near = tf.less(tf.sub(asQuery(positions), asKey(positions)), slidingWindow);
      visible = tf.logicalAnd(visible, near);
    }
    const mask = tf.mul(tf.sub(1, tf.cast(visible, 'float32')), HIDDEN);
    plan.push({ firstQuery, queries, firstKey, keys, mask });
  }
  return plan;
}

/** The plan of each layer: one for all, or one for those with a window and one for the others. */
export function attentionPlans(
  layout: RowLayout,
  config: Pick<BackboneConfig, 'slidingWindow' | 'layersWithoutWindow'>,
): (layer: number) => AttentionPlan {
  const { slidingWindow, layersWithoutWindow } = config;
  const plan = attentionPlan(layout, slidingWindow);
  const isAsFull = slidingWindow === null || (layout.pairOf.shape[0] as number) <= slidingWindow;
  if (layersWithoutWindow.length === 0 || isAsFull) return () => plan;
  const full = attentionPlan(layout, null);
  return (layer) => (windowOf(config, layer) === null ? full : plan);
}

/** Rows of x (T, heads, size) as (groups, heads / groups · rows, size): heads that share a key head are stacked. */
function byHead(x: Tensor, first: number, count: number, groups: number): Tensor {
  const [tokens, heads, size] = x.shape as [number, number, number];
  const rows = first === 0 && count === tokens ? x : tf.slice(x, [first, 0, 0], [count, heads, size]);
  return tf.reshape(tf.transpose(rows, [1, 0, 2]), [groups, (heads / groups) * count, size]);
}

/** The way back: (groups, heads / groups · rows, size) → (rows, heads, size). */
function byToken(x: Tensor, heads: number, rows: number): Tensor {
  return tf.transpose(tf.reshape(x, [heads, rows, x.shape[2] as number]), [1, 0, 2]);
}

/** What a block adds to the gradient of keys `first` …, (keyValueHeads, keys, size). */
interface KeyPart {
  readonly first: number;
  readonly part: Tensor;
}

/** Σ of parts that overlap, (keyValueHeads, T, size): added where they overlap alone, never padded to all of T. */
function sumOverKeys(parts: readonly KeyPart[]): Tensor {
  const width = ({ part }: KeyPart): number => part.shape[1] as number;
  const bounds = [...new Set(parts.flatMap((each) => [each.first, each.first + width(each)]))];
  bounds.sort((a, b) => a - b);
  const segments = bounds.slice(1).map((end, index) => {
    const begin = bounds[index] as number;
    return parts
      .filter((each) => each.first <= begin && end <= each.first + width(each))
      .map(({ first, part }) => {
        const [groups, , size] = part.shape as [number, number, number];
        return tf.slice(part, [0, begin - first, 0], [groups, end - begin, size]);
      })
      .reduce((sum, next) => tf.add(sum, next));
  });
  return segments.length === 1 ? (segments[0] as Tensor) : tf.concat(segments, 1);
}

const joined = (rows: Tensor[]): Tensor => (rows.length === 1 ? (rows[0] as Tensor) : tf.concat(rows, 0));

/** softmax(q kᵀ + mask) of one block: q (groups, rows, size), k (groups, keys, size), mask (queries, keys). */
function attentionWeights(q: Tensor, k: Tensor, mask: Tensor): Tensor {
  const [groups, rows] = q.shape as [number, number, number];
  const [queries, keys] = mask.shape as [number, number];
  const scores = tf.reshape(tf.matMul(q, k, false, true), [(groups * rows) / queries, queries, keys]);
  return tf.reshape(tf.softmax(tf.add(scores, mask)), [groups, rows, keys]);
}

/** A layer's attention weights beyond these bytes are made again in the backward pass: their number grows with the row's square. */
const KEPT_BYTES = 8 * 2 ** 20;

const weightBytes = (heads: number, plan: AttentionPlan): number =>
  4 * heads * plan.reduce((sum, { queries, keys }) => sum + queries * keys, 0);

/**
 * Grouped-query attention over one row: q (T, heads, size), already scaled by 1/√size; k and v (T, keyValueHeads, size);
 * returns (T, heads · size). Keys and values are never copied for the heads that share them. For each block of queries,
 * with P = softmax(q kᵀ + mask), O = P v and D = Σ dO·O over the last axis:
 * dv = Pᵀ dO, dS = P·(dO vᵀ − D), dq = dS k, dk = dSᵀ q. P is kept up to `keptBytes`, else made again for these.
 */
export function attend(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  plan: AttentionPlan,
  keptBytes: number = KEPT_BYTES,
): Tensor {
  const [tokens, heads, size] = q.shape as [number, number, number];
  const groups = k.shape[1] as number;
  const keeps = weightBytes(heads, plan) <= keptBytes;
  return tf.customGrad((qInput, kInput, vInput, save) => {
    const inputs = [qInput as Tensor, kInput as Tensor, vInput as Tensor] as const;
    const kept: Tensor[] = [];
    const mixed = plan.map(({ firstQuery, queries, firstKey, keys, mask }) => {
      const stacked = byHead(inputs[0], firstQuery, queries, groups);
      const weights = attentionWeights(stacked, byHead(inputs[1], firstKey, keys, groups), mask);
      kept.push(keeps ? weights : mask);
      return byToken(tf.matMul(weights, byHead(inputs[2], firstKey, keys, groups)), heads, queries);
    });
    const value = joined(mixed);
    (save as unknown as (tensors: Tensor[]) => void)([...inputs, value, ...kept]);
    return {
      value: tf.reshape(value, [tokens, heads * size]),
      gradFunc: (dy, saved) => {
        const [qSaved, kSaved, vSaved, o, ...others] = saved as [Tensor, Tensor, Tensor, Tensor, ...Tensor[]];
        // Rows cut for a block are made again too: equal ones would be made once, and all be kept until here.
        const again = (x: Tensor): Tensor => (keeps ? x : after(x, [dy]));
        const [q_, k_, v_] = [again(qSaved), again(kSaved), again(vSaved)];
        const weightsOf = (
          index: number,
          { firstQuery, queries, firstKey, keys }: AttentionBlock,
        ): Tensor => {
          const other = others[index] as Tensor;
          if (keeps) return other;
          const stacked = byHead(q_, firstQuery, queries, groups);
          return attentionWeights(stacked, byHead(k_, firstKey, keys, groups), other);
        };
        const upstream = tf.reshape(dy, [tokens, heads, size]);
        const totals = tf.sum(tf.mul(upstream, o), -1, true);
        const queryRows: Tensor[] = [];
        const [keyParts, valueParts]: [KeyPart[], KeyPart[]] = [[], []];
        for (const [index, block] of plan.entries()) {
          const { firstQuery, queries, firstKey: first, keys } = block;
          const p = weightsOf(index, block);
          const dOut = byHead(upstream, firstQuery, queries, groups);
          const dWeights = tf.matMul(dOut, byHead(v_, first, keys, groups), false, true);
          const dScores = tf.mul(p, tf.sub(dWeights, byHead(totals, firstQuery, queries, groups)));
          queryRows.push(byToken(tf.matMul(dScores, byHead(k_, first, keys, groups)), heads, queries));
          const stacked = byHead(q_, firstQuery, queries, groups);
          keyParts.push({ first, part: tf.matMul(dScores, stacked, true, false) });
          valueParts.push({ first, part: tf.matMul(p, dOut, true, false) });
        }
        const byKey = (parts: KeyPart[]): Tensor => byToken(sumOverKeys(parts), groups, tokens);
        return [joined(queryRows), byKey(keyParts), byKey(valueParts)];
      },
    };
  })(q, k, v);
}
