/** Attention of one new token a row over the keys and values of the tokens before it. */
import { appendRows } from '#compute/index.ts';
import type { Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';

/** Added to the score of a place that is empty or out of sight. */
const HIDDEN = -1e9;

export interface CachedAttention {
  /** (N, heads, size), scaled by 1/√size and rotated. */
  readonly q: Tensor;
  /** (N, keyValueHeads, size) of the new token, k rotated. */
  readonly k: Tensor;
  readonly v: Tensor;
  /** (N, keyValueHeads, C, size) of the tokens before. */
  readonly keys: Tensor;
  readonly values: Tensor;
  /** (N) int32, tokens before. */
  readonly lengths: Tensor;
}

/** (N, 1, 1, C): 0 where a token lies that the new one sees, else −1e9. Made once: equal nodes are one. */
function hiddenPlaces(lengths: Tensor, capacity: number, window: number | null): Tensor {
  const rows = lengths.shape[0] as number;
  const place = tf.reshape(tf.range(0, capacity, 1, 'int32'), [1, 1, 1, capacity]);
  const length = tf.reshape(lengths, [rows, 1, 1, 1]);
  let seen = tf.less(place, length);
  if (window !== null) seen = tf.logicalAnd(seen, tf.greater(place, tf.sub(length, window)));
  return tf.mul(tf.sub(1, tf.cast(seen, 'float32')), HIDDEN);
}

/**
 * `mixed` (N, heads · size): softmax over the tokens before and the new one. `window`: tokens that are seen, the new one
 * included; null is all. `keys` and `values` with the new token at place `lengths`, to be returned as state.
 */
export function cachedAttention(
  { q, k, v, keys, values, lengths }: CachedAttention,
  window: number | null,
): { readonly mixed: Tensor; readonly keys: Tensor; readonly values: Tensor } {
  const [rows, keyValueHeads, capacity, size] = keys.shape as [number, number, number, number];
  const group = (q.shape[1] as number) / keyValueHeads;
  const queries = tf.reshape(q, [rows, keyValueHeads, group, size]);
  const [key, value] = [k, v].map((x) => tf.reshape(x, [rows, keyValueHeads, 1, size])) as [Tensor, Tensor];
  const before = tf.add(tf.matMul(queries, keys, false, true), hiddenPlaces(lengths, capacity, window));
  const own = tf.matMul(queries, key, false, true);
  const weights = tf.softmax(tf.concat([before, own], 3));
  const [old, now] = tf.split(weights, [capacity, 1], 3) as [Tensor, Tensor];
  const mixed = tf.add(tf.matMul(old, values), tf.mul(now, value));
  return {
    mixed: tf.reshape(mixed, [rows, keyValueHeads * group * size]),
    keys: appendRows(keys, key, lengths),
    values: appendRows(values, value, lengths),
  };
}
