/** State that grows by one entry a row and run: caches of keys and values. */
import type { Tensor } from './program.ts';
import { BACKEND_NAME, recorderBackend } from './record/backend.ts';
import { tf } from './tf.ts';

/** The recording kernel behind `appendRows`. */
export const APPEND_ROWS = 'FacetAppendRows';

/**
 * `cache` (N, H, C, S) with `added` (N, H, 1, S) at place `lengths[n]` (int32, N) of row n; other places keep their values.
 * To be returned as the state that `cache` was read from, and for nothing else: an engine whose state is in host memory
 * then writes the new entries where they belong and copies nothing. `lengths` must be an input of the program.
 */
export function appendRows(cache: Tensor, added: Tensor, lengths: Tensor): Tensor {
  if (tf.getBackend() === BACKEND_NAME && recorderBackend().builder.target.appendsState)
    return tf.engine().runKernel(APPEND_ROWS, { cache, added, lengths }) as Tensor;
  const [rows, , capacity] = cache.shape as [number, number, number, number];
  const places = tf.reshape(tf.range(0, capacity, 1, 'int32'), [1, 1, capacity, 1]);
  const here = tf.equal(places, tf.reshape(lengths, [rows, 1, 1, 1]));
  return tf.where(here, added, cache);
}
