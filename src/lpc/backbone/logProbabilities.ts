/** Log-probabilities of given tokens under an LM head, with a gradient written by hand. */
import type { Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';

export interface LogProbabilityOptions {
  /** false where the head is frozen: eager engines then skip the (V, d) gradient. Default true. */
  readonly weightTrained?: boolean;
}

interface Forward {
  /** (R) */
  readonly value: Tensor;
  /** exp(logits − max), (R, V); probabilities once divided by `total`. */
  readonly exponentials: Tensor;
  /** (R, 1) */
  readonly total: Tensor;
  /** W[targets], (R, d) */
  readonly rows: Tensor;
}

function forward(hidden: Tensor, weight: Tensor, targets: Tensor): Forward {
  const logits = tf.matMul(hidden, weight, false, true);
  const maximum = tf.max(logits, 1, true);
  const exponentials = tf.exp(tf.sub(logits, maximum));
  const total = tf.sum(exponentials, 1, true);
  const rows = tf.gather(weight, targets as never);
  const targetLogits = tf.sum(tf.mul(hidden, rows), 1);
  const logTotal = tf.reshape(tf.add(maximum, tf.log(total)), targetLogits.shape);
  return { value: tf.sub(targetLogits, logTotal), exponentials, total, rows };
}

/**
 * log softmax(hidden · weightᵀ) at the targets: hidden (R, d), weight (V, d), targets (R) int32 → (R).
 * With E = exp(logits − max) (R, V), Z its row sums and D = diag(dy):
 * d hidden = D·(W[targets] − Z⁻¹·E·W), d weight = scatter(D·hidden at targets) − Eᵀ·(Z⁻¹·D·hidden).
 * No one-hot is made, and nothing of the size (R, V) beyond E; what scales rows is applied on the (R, d) side.
 */
export function targetLogProbabilities(
  hidden: Tensor,
  weight: Tensor,
  targets: Tensor,
  { weightTrained = true }: LogProbabilityOptions = {},
): Tensor {
  const responses = hidden.shape[0] as number;
  const vocabulary = weight.shape[0] as number;
  const hiddenGradient = (dy: Tensor, e: Tensor, total: Tensor, rows: Tensor, w: Tensor): Tensor =>
    tf.mul(dy, tf.sub(rows, tf.div(tf.matMul(e, w), total)));

  if (!weightTrained) {
    return tf.customGrad((hiddenInput, save) => {
      const { value, exponentials, total, rows } = forward(hiddenInput as Tensor, weight, targets);
      (save as (tensors: Tensor[]) => void)([exponentials, total, rows, weight]);
      return {
        value,
        gradFunc: (dy, saved) => {
          const [e, z, r, w] = saved as [Tensor, Tensor, Tensor, Tensor];
          return hiddenGradient(tf.reshape(dy, [responses, 1]), e, z, r, w);
        },
      };
    })(hidden);
  }
  return tf.customGrad((hiddenInput, weightInput, save) => {
    const [h, w] = [hiddenInput as Tensor, weightInput as Tensor];
    const { value, exponentials, total, rows } = forward(h, w, targets);
    (save as unknown as (tensors: Tensor[]) => void)([exponentials, total, rows, h, w, targets]);
    return {
      value,
      gradFunc: (dy, saved) => {
        const [e, z, r, h_, w_, ids] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
        const column = tf.reshape(dy, [responses, 1]);
        const scaled = tf.mul(column, h_);
        const atTargets = tf.unsortedSegmentSum(scaled, ids as never, vocabulary);
        return [
          hiddenGradient(column, e, z, r, w_),
          tf.sub(atTargets, tf.matMul(e, tf.div(scaled, z), true, false)),
        ];
      },
    };
  })(hidden, weight);
}
