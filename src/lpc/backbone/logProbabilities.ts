/** Log-probabilities of given tokens under an LM head, with a gradient written by hand. */
import type { Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';

export interface LogProbabilityOptions {
  /** false where the head is frozen: eager engines then skip the (V, d) gradient. Default true. */
  readonly weightTrained?: boolean;
}

/** log p and the softmax's probabilities from hidden states (R, d), head (V, d) and targets (R, int32). */
function forward(
  hidden: Tensor,
  weight: Tensor,
  targets: Tensor,
): { value: Tensor; probabilities: Tensor; rows: Tensor } {
  const logits = tf.matMul(hidden, weight, false, true);
  const maximum = tf.max(logits, 1, true);
  const exponentials = tf.exp(tf.sub(logits, maximum));
  const total = tf.sum(exponentials, 1, true);
  const rows = tf.gather(weight, targets as never);
  const targetLogits = tf.sum(tf.mul(hidden, rows), 1);
  const logTotal = tf.reshape(tf.add(maximum, tf.log(total)), targetLogits.shape);
  return { value: tf.sub(targetLogits, logTotal), probabilities: tf.div(exponentials, total), rows };
}

/**
 * log softmax(hidden · weightᵀ) at the targets: hidden (R, d), weight (V, d), targets (R) int32 → (R).
 * With P the probabilities (R, V) and D = diag(dy):
 * d hidden = D·(W[targets] − P·W), d weight = scatter(D·hidden at targets) − (D·P)ᵀ·hidden.
 * No one-hot and no (R, V) tensor but P is made.
 */
export function targetLogProbabilities(
  hidden: Tensor,
  weight: Tensor,
  targets: Tensor,
  { weightTrained = true }: LogProbabilityOptions = {},
): Tensor {
  const responses = hidden.shape[0] as number;
  const vocabulary = weight.shape[0] as number;
  const hiddenGradient = (column: Tensor, scaled: Tensor, w: Tensor, rows: Tensor): Tensor =>
    tf.sub(tf.mul(column, rows), tf.matMul(scaled, w));

  if (!weightTrained) {
    return tf.customGrad((hiddenInput, save) => {
      const { value, probabilities, rows } = forward(hiddenInput as Tensor, weight, targets);
      (save as (tensors: Tensor[]) => void)([probabilities, rows, weight]);
      return {
        value,
        gradFunc: (dy, saved) => {
          const [p, r, w] = saved as [Tensor, Tensor, Tensor];
          const column = tf.reshape(dy, [responses, 1]);
          return hiddenGradient(column, tf.mul(p, column), w, r);
        },
      };
    })(hidden);
  }
  return tf.customGrad((hiddenInput, weightInput, save) => {
    const { value, probabilities, rows } = forward(hiddenInput as Tensor, weightInput as Tensor, targets);
    (save as unknown as (tensors: Tensor[]) => void)([
      probabilities,
      rows,
      hiddenInput as Tensor,
      weightInput as Tensor,
      targets,
    ]);
    return {
      value,
      gradFunc: (dy, saved) => {
        const [p, r, h, w, ids] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor];
        const column = tf.reshape(dy, [responses, 1]);
        const scaled = tf.mul(p, column);
        const atTargets = tf.unsortedSegmentSum(tf.mul(column, h), ids as never, vocabulary);
        return [hiddenGradient(column, scaled, w, r), tf.sub(atTargets, tf.matMul(scaled, h, true, false))];
      },
    };
  })(hidden, weight);
}
