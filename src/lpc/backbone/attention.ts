/** Which tokens of a packed row see which, and attention over it. */
import type { Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';

/** Added to the score of a hidden key: finite, so that no gradient becomes NaN. */
const HIDDEN = -1e9;

export interface RowLayout {
  /** (T) rotary positions. */
  readonly positions: Tensor;
  /** (T) pair slot, −1 for padding. */
  readonly pairOf: Tensor;
  /** (T) 0 prompt, 1 chosen, 2 rejected. */
  readonly branch: Tensor;
}

/**
 * (T, T) to be added to scores: 0 where query i (row) sees key j, else −1e9. i sees j iff j ≤ i, both are of one pair,
 * and j is of the prompt or of i's branch. A padding token sees itself alone.
 * With a sliding window, i sees no key whose position is `slidingWindow` or more before its own.
 */
export function attentionMask(layout: RowLayout, slidingWindow: number | null): Tensor {
  const { pairOf, branch, positions } = layout;
  const tokens = pairOf.shape[0] as number;
  const asQuery = (x: Tensor): Tensor => tf.reshape(x, [tokens, 1]);
  const asKey = (x: Tensor): Tensor => tf.reshape(x, [1, tokens]);
  const index = tf.range(0, tokens, 1, 'int32');
  const isPadding = tf.less(pairOf, 0);
  // One number per (pair, branch), and one of its own for each padding token.
  const own = tf.where(isPadding, tf.sub(-3, index), tf.add(tf.mul(pairOf, 3), branch));
  const prompt = tf.where(isPadding, own, tf.mul(pairOf, 3));
  const sameBranch = tf.equal(asQuery(own), asKey(own));
  const ofPrompt = tf.equal(asQuery(prompt), asKey(own));
  const earlier = tf.lessEqual(asKey(index), asQuery(index));
  let visible = tf.logicalAnd(earlier, tf.logicalOr(sameBranch, ofPrompt));
  if (slidingWindow !== null && tokens > slidingWindow) {
    visible = tf.logicalAnd(visible, tf.less(tf.sub(asQuery(positions), asKey(positions)), slidingWindow));
  }
  return tf.mul(tf.sub(1, tf.cast(visible, 'float32')), HIDDEN);
}

/**
 * Grouped-query attention over one row: q (T, heads, size), already scaled by 1/√size; k and v (T, keyValueHeads, size);
 * returns (T, heads · size). Queries of the heads that share a key head are stacked, so keys and values are never copied.
 */
export function attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor): Tensor {
  const [tokens, heads, size] = q.shape as [number, number, number];
  const keyValueHeads = k.shape[1] as number;
  const group = heads / keyValueHeads;
  const stacked = tf.reshape(tf.transpose(q, [1, 0, 2]), [keyValueHeads, group * tokens, size]);
  const keys = tf.transpose(k, [1, 0, 2]);
  const values = tf.transpose(v, [1, 0, 2]);
  const scores = tf.reshape(tf.matMul(stacked, keys, false, true), [heads, tokens, tokens]);
  const weights = tf.softmax(tf.add(scores, mask));
  const mixed = tf.matMul(tf.reshape(weights, [keyValueHeads, group * tokens, tokens]), values);
  const perToken = tf.transpose(tf.reshape(mixed, [heads, tokens, size]), [1, 0, 2]);
  return tf.reshape(perToken, [tokens, heads * size]);
}
