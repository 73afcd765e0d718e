/** Log-probabilities of given tokens under an LM head, with a gradient written by hand. */
import type { Tensor } from '#compute/program.ts';
import { BACKEND_NAME } from '#compute/record/backend.ts';
import { tf } from '#compute/tf.ts';
import {
  normalised,
  slicedForward,
  slicedForwardWithGradient,
  slicedGradients,
  slicedShiftGradient,
  type VocabularySlice,
  vocabularySlices,
} from './slicedLogProbabilities.ts';

/** Logits up to this size, R·V in float32, are made whole and kept for the gradient, which saves making them twice. */
const LOGIT_BYTES = 128 * 2 ** 20;
/** The same where the states rest and so no layer's arrays are there beside them: 1,024 rows of 49,152. Slices take 1.7 × the time of a step. */
const SHIFTED_LOGIT_BYTES = 192 * 2 ** 20;
/**
 * Larger ones come in slices that take this with their weights: 512 rows of 151,936 in 18. Slices of 128 MiB take 165 MB
 * more at the peak and 3 % less processor time.
 */
const SLICE_BYTES = 48 * 2 ** 20;

export interface LogProbabilityOptions {
  /** false where the head is frozen: eager engines then skip the (V, d) gradient. Default true. */
  readonly weightTrained?: boolean;
  /** Bytes that logits may take, whole or a slice of them. */
  readonly logitBytes?: number;
}

interface Forward {
  /** (R) */
  readonly value: Tensor;
  /** (R, V) */
  readonly probabilities: Tensor;
  /** W[targets], (R, d) */
  readonly rows: Tensor;
}

function forward(hidden: Tensor, weight: Tensor, targets: Tensor): Forward {
  const { probabilities, logTotal } = normalised(tf.matMul(hidden, weight, false, true));
  const rows = tf.gather(weight, targets as never);
  const targetLogits = tf.sum(tf.mul(hidden, rows), 1);
  return { value: tf.sub(targetLogits, tf.reshape(logTotal, targetLogits.shape)), probabilities, rows };
}

type Save = (tensors: Tensor[]) => void;
type Differentiable = (
  inputs: readonly Tensor[],
  save: Save,
) => { value: Tensor; gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor[] };

/** `tf.customGrad` with types that match what it does. */
const withGradient = (f: Differentiable, inputs: readonly Tensor[]): Tensor =>
  tf.customGrad(((...given: [...Tensor[], Save]) =>
    f(given.slice(0, -1) as Tensor[], given.at(-1) as Save)) as never)(...(inputs as never[]));

/**
 * Logits whole. With P = softmax(logits) (R, V) and D = diag(dy):
 * d hidden = D·(W[targets] − P·W), d weight = scatter(D·hidden at targets) − Pᵀ·D·hidden.
 * Nothing of the size (R, V) is kept beyond P, which lies where the logits lay.
 */
const whole =
  (frozen: Tensor | null, targets: Tensor): Differentiable =>
  ([h, w = frozen as Tensor], save) => {
    const { value, probabilities, rows } = forward(h as Tensor, w, targets);
    save([probabilities, rows, h as Tensor, w, targets]);
    return {
      value,
      gradFunc: (dy, saved) => {
        const [p, r, h_, w_, ids] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor];
        const column = tf.reshape(dy, [dy.size, 1]);
        const hidden = tf.mul(column, tf.sub(r, tf.matMul(p, w_)));
        if (frozen !== null) return [hidden];
        const scaled = tf.mul(column, h_);
        const atTargets = tf.unsortedSegmentSum(scaled, ids as never, w_.shape[0] as number);
        return [hidden, tf.sub(atTargets, tf.matMul(p, scaled, true, false))];
      },
    };
  };

const sliced =
  (frozen: Tensor | null, targets: Tensor, slices: readonly VocabularySlice[]): Differentiable =>
  ([h, w = frozen as Tensor], save) => {
    const { value, shares, rows } = slicedForward(h as Tensor, w, targets, slices);
    save([shares, rows, h as Tensor, w, targets]);
    return {
      value,
      gradFunc: (dy, saved) => {
        const [each, r, h_, w_, ids] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor];
        const gradients = slicedGradients({
          hidden: h_,
          weight: w_,
          dy,
          slices,
          targets: frozen === null ? ids : null,
          rows: r,
          shares: each,
        });
        return gradients.weight === null ? [gradients.hidden] : [gradients.hidden, gradients.weight];
      },
    };
  };

/** Weights at rest, of which nothing is read again for the gradient. */
const readOnce =
  (frozen: Tensor, targets: Tensor, slices: readonly VocabularySlice[]): Differentiable =>
  ([h], save) => {
    const { value, slope } = slicedForwardWithGradient(h as Tensor, frozen, targets, slices);
    save([slope]);
    return {
      value,
      gradFunc: (dy, [saved]) => [tf.mul(tf.reshape(dy, [dy.size, 1]), saved as Tensor)],
    };
  };

/**
 * log softmax(hidden · weightᵀ) at the targets: hidden (R, d), weight (V, d), targets (R) int32 → (R).
 * No one-hot is made, and never two arrays of the size (R, V): see `whole` and slicedLogProbabilities.ts.
 */
export function targetLogProbabilities(
  hidden: Tensor,
  weight: Tensor,
  targets: Tensor,
  { weightTrained = true, logitBytes }: LogProbabilityOptions = {},
): Tensor {
  const [rows, width] = hidden.shape as [number, number];
  const vocabulary = weight.shape[0] as number;
  const frozen = weightTrained ? null : weight;
  // An eager engine would work out the gradient where nobody asks for it; recorded, it is dropped.
  if (frozen !== null && tf.getBackend() === BACKEND_NAME) {
    const slices = vocabularySlices(rows, width, vocabulary, logitBytes ?? SLICE_BYTES);
    return withGradient(readOnce(frozen, targets, slices), [hidden]);
  }
  const f =
    4 * rows * vocabulary <= (logitBytes ?? LOGIT_BYTES)
      ? whole(frozen, targets)
      : sliced(frozen, targets, vocabularySlices(rows, width, vocabulary, logitBytes ?? SLICE_BYTES));
  return withGradient(f, weightTrained ? [hidden, weight] : [hidden]);
}

export interface ShiftedStates {
  /** States at rest, (R, d). */
  readonly states: Tensor;
  /** What is added to the states of each group, (G, d). */
  readonly shift: Tensor;
  /** Which state belongs to which group, 0 or 1, (G, R). */
  readonly membership: Tensor;
}

/**
 * The same of states + membershipᵀ·shift, differentiated by the shift alone: d shift = M·D·(W[targets] − P·W), worked out as
 * M·D·W[targets] − (M·D·P)·W, so that the product with W has a row a group instead of one a state.
 */
export function shiftedTargetLogProbabilities(
  { states, shift, membership }: ShiftedStates,
  weight: Tensor,
  targets: Tensor,
  { logitBytes }: Pick<LogProbabilityOptions, 'logitBytes'> = {},
): Tensor {
  const [rows, width] = states.shape as [number, number];
  const vocabulary = weight.shape[0] as number;
  const isWhole = 4 * rows * vocabulary <= (logitBytes ?? SHIFTED_LOGIT_BYTES);
  const slices = isWhole ? [] : vocabularySlices(rows, width, vocabulary, logitBytes ?? SLICE_BYTES);
  const weighted = (member: Tensor, dy: Tensor): Tensor => tf.mul(member, tf.reshape(dy, [1, rows])); // (G, R)
  const f: Differentiable = ([z], save) => {
    const hidden = tf.add(states, tf.matMul(membership, z as Tensor, true, false));
    if (!isWhole) {
      const { value, shares, rows: atTargets } = slicedForward(hidden, weight, targets, slices);
      save([shares, atTargets, hidden, weight, membership]);
      return {
        value,
        gradFunc: (dy, saved) => {
          const [each, r, h, w, member] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor];
          const by = weighted(member, dy);
          return [slicedShiftGradient({ hidden: h, weight: w, weighted: by, slices, rows: r, shares: each })];
        },
      };
    }
    const { value, probabilities, rows: atTargets } = forward(hidden, weight, targets);
    save([probabilities, atTargets, weight, membership]);
    return {
      value,
      gradFunc: (dy, saved) => {
        const [p, r, w, member] = saved as [Tensor, Tensor, Tensor, Tensor];
        const by = weighted(member, dy);
        return [tf.sub(tf.matMul(by, r), tf.matMul(tf.matMul(by, p), w))];
      },
    };
  };
  return withGradient(f, [shift]);
}
