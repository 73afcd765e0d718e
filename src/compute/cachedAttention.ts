/** Attention of one new token per row over keys and values kept from earlier runs. */
import type { Tensor } from './program.ts';
import { tf } from './tf.ts';

/** The fused kernel behind `cachedAttention`; a backend that has none composes it. */
export const CACHED_ATTENTION = 'FacetCachedAttention';

export interface CachedAttention {
  /** (N, heads · size), scaled by 1/√size and rotated. */
  readonly q: Tensor;
  /** (N, keyValueHeads · size), rotated, and (N, keyValueHeads · size): of the new token. */
  readonly k: Tensor;
  readonly v: Tensor;
  /** (N, keyValueHeads, C, size): room for C tokens a row. */
  readonly keys: Tensor;
  readonly values: Tensor;
  /** (N) int32, tokens of each row that are there already, below C. */
  readonly lengths: Tensor;
  /** [] int32: the largest of `lengths`, plus one. */
  readonly total: Tensor;
  readonly heads: number;
  /** Tokens that a query sees, its own included; null is all. */
  readonly window: number | null;
}

export interface CachedAttentionResult {
  /** (N, heads · size) */
  readonly mixed: Tensor;
  /** The caches with the new token at place `lengths`. */
  readonly keys: Tensor;
  readonly values: Tensor;
}

/** Score of a key that is not seen. */
const HIDDEN = -1e9;

/** Row r of `added` (N, heads, size) at place `lengths[r]` of row r of `cache` (N, heads, C, size). */
function appended(cache: Tensor, added: Tensor, lengths: Tensor): Tensor {
  const [rows, heads, capacity] = cache.shape as [number, number, number, number];
  const place = tf.reshape(lengths, [rows, 1, 1, 1]);
  const here = tf.equal(tf.reshape(tf.range(0, capacity, 1, 'int32'), [1, 1, capacity, 1]), place);
  return tf.where(here, tf.reshape(added, [rows, heads, 1, -1]), cache);
}

function composed({ q, k, v, keys, values, lengths, heads, window }: CachedAttention): CachedAttentionResult {
  const [rows, keyValueHeads, capacity, size] = keys.shape as [number, number, number, number];
  const group = heads / keyValueHeads;
  const perHead = (x: Tensor): Tensor => tf.reshape(x, [rows, keyValueHeads, size]);
  const allKeys = appended(keys, perHead(k), lengths);
  const allValues = appended(values, perHead(v), lengths);
  const place = tf.reshape(tf.range(0, capacity, 1, 'int32'), [1, 1, 1, capacity]);
  const own = tf.reshape(lengths, [rows, 1, 1, 1]);
  let seen = tf.lessEqual(place, own);
  if (window !== null) seen = tf.logicalAnd(seen, tf.greater(place, tf.sub(own, window)));
  const mask = tf.mul(tf.sub(1, tf.cast(seen, 'float32')), HIDDEN);
  const scores = tf.matMul(tf.reshape(q, [rows, keyValueHeads, group, size]), allKeys, false, true);
  const mixed = tf.matMul(tf.softmax(tf.add(scores, mask)), allValues);
  return { mixed: tf.reshape(mixed, [rows, heads * size]), keys: allKeys, values: allValues };
}

/**
 * softmax(q·keysᵀ)·values for each row and head over the tokens there are, the new one included. An engine may write the
 * new token into the caches in place: return them as the state that they were read from, and read them nowhere else.
 */
export function cachedAttention(call: CachedAttention): CachedAttentionResult {
  if (tf.getKernel(CACHED_ATTENTION, tf.getBackend()) === undefined) return composed(call);
  const { q, k, v, keys, values, lengths, total, heads, window } = call;
  const made = tf
    .engine()
    .runKernel(CACHED_ATTENTION, { q, k, v, keys, values, lengths, total }, { heads, window: window ?? -1 });
  const [mixed, nextKeys, nextValues] = made as Tensor[];
  return { mixed: mixed as Tensor, keys: nextKeys as Tensor, values: nextValues as Tensor };
}
