/** Which tokens of a packed row see which, and attention over it, in blocks of queries that skip keys nobody sees. */
import type { Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';

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
  const own = tf.where(isPadding, tf.sub(-3, index), tf.add(tf.mul(pairOf, 3), branch));
  const prompt = tf.where(isPadding, own, tf.mul(pairOf, 3));
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

/**
 * One block: q (keyValueHeads, group · queries, size), k and v (keyValueHeads, keys, size), mask (queries, keys).
 * With P = softmax(q kᵀ + mask), O = P v and D = Σ dO·O over the last axis:
 * dv = Pᵀ dO, dS = P·(dO vᵀ − D), dq = dS k, dk = dSᵀ q.
 */
function attendBlock(q: Tensor, k: Tensor, v: Tensor, mask: Tensor): Tensor {
  return tf.customGrad((qInput, kInput, vInput, save) => {
    const [queries, keys, values] = [qInput as Tensor, kInput as Tensor, vInput as Tensor];
    const [keyValueHeads, rows] = queries.shape as [number, number, number];
    const [maskRows, width] = mask.shape as [number, number];
    const heads = (keyValueHeads * rows) / maskRows;
    const scores = tf.reshape(tf.matMul(queries, keys, false, true), [heads, maskRows, width]);
    const weights = tf.reshape(tf.softmax(tf.add(scores, mask)), [keyValueHeads, rows, width]);
    const value = tf.matMul(weights, values);
    (save as unknown as (tensors: Tensor[]) => void)([queries, keys, values, weights, value]);
    return {
      value,
      gradFunc: (dy, saved) => {
        const [q_, k_, v_, p, o] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor];
        const total = tf.sum(tf.mul(dy, o), -1, true);
        const dScores = tf.mul(p, tf.sub(tf.matMul(dy, v_, false, true), total));
        return [tf.matMul(dScores, k_), tf.matMul(dScores, q_, true, false), tf.matMul(p, dy, true, false)];
      },
    };
  })(q, k, v);
}

/**
 * Grouped-query attention over one row: q (T, heads, size), already scaled by 1/√size; k and v (T, keyValueHeads, size);
 * returns (T, heads · size). Queries of the heads that share a key head are stacked, so keys and values are never copied.
 */
export function attend(q: Tensor, k: Tensor, v: Tensor, plan: AttentionPlan): Tensor {
  const [tokens, heads, size] = q.shape as [number, number, number];
  const keyValueHeads = k.shape[1] as number;
  const group = heads / keyValueHeads;
  const byHead = (x: Tensor, first: number, count: number): Tensor => {
    const whole = first === 0 && count === tokens;
    const rows = whole ? x : tf.slice(x, [first, 0, 0], [count, x.shape[1] as number, size]);
    return tf.transpose(rows, [1, 0, 2]);
  };
  const mixed = plan.map(({ firstQuery, queries, firstKey, keys, mask }) => {
    const stacked = tf.reshape(byHead(q, firstQuery, queries), [keyValueHeads, group * queries, size]);
    const block = attendBlock(stacked, byHead(k, firstKey, keys), byHead(v, firstKey, keys), mask);
    const perToken = tf.transpose(tf.reshape(block, [heads, queries, size]), [1, 0, 2]);
    return tf.reshape(perToken, [queries, heads * size]);
  });
  return mixed.length === 1 ? (mixed[0] as Tensor) : tf.concat(mixed, 0);
}
