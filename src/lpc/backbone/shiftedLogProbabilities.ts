/** Log-probabilities of given tokens under many shifts of the hidden states at once, for about the cost of one. */
import type { Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { type VocabularySlice, vocabularySlices, weightSlice } from './slicedLogProbabilities.ts';

const SLICE_BYTES = 48 * 2 ** 20;
/** Smallest sum of exponentials that is told from 0 in float32. */
const LEAST = 1e-37;

/** log Σ_v exp((h_r + e_k)·W_v) over a slice, (R, K), as exp(h·W − m) · exp(W·e − M): one product in place of K softmaxes. */
function sliceTotal(hidden: Tensor, shifts: Tensor, weights: Tensor): Tensor {
  const logits = tf.matMul(hidden, weights, false, true); // (R, n)
  const moved = tf.matMul(weights, shifts, false, true); // (n, K)
  const largest = tf.max(logits, 1, true); // (R, 1)
  const most = tf.max(moved, 0, true); // (1, K)
  const sums = tf.matMul(tf.exp(tf.sub(logits, largest)), tf.exp(tf.sub(moved, most)));
  return tf.add(tf.add(tf.log(tf.maximum(sums, LEAST)), largest), most);
}

function totals(hidden: Tensor, shifts: Tensor, weight: Tensor, slices: readonly VocabularySlice[]): Tensor {
  const parts: Tensor[] = [];
  for (const slice of slices) {
    parts.push(
      tf.tidy(() => {
        const copied = slices.length === 1 ? weight : weightSlice(weight, slice, parts.slice(-1));
        return sliceTotal(hidden, shifts, copied);
      }),
    );
  }
  return tf.logSumExp(tf.stack(parts), 0);
}

/**
 * log softmax((hidden + shift) · weightᵀ) at the targets for every shift: hidden (R, d), shifts (K, d), weight (V, d),
 * targets (R) int32 → (R, K).
 */
export function shiftedLogProbabilities(
  hidden: Tensor,
  shifts: Tensor,
  weight: Tensor,
  targets: Tensor,
  sliceBytes = SLICE_BYTES,
): Tensor {
  const [rows, width] = hidden.shape as [number, number];
  const slices = vocabularySlices(rows, width, weight.shape[0] as number, sliceBytes);
  const atTargets = tf.gather(weight, targets as never); // (R, d)
  const own = tf.sum(tf.mul(hidden, atTargets), 1, true); // (R, 1)
  const moved = tf.matMul(atTargets, shifts, false, true); // (R, K)
  return tf.sub(tf.add(own, moved), totals(hidden, shifts, weight, slices));
}
