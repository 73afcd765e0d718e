/** Log-probabilities of given tokens, over the vocabulary in slices: no array of (rows, vocabulary) is ever made. */
import { after } from '#compute/after.ts';
import type { Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';

/** Tokens first … first + size − 1 of the vocabulary. */
export interface VocabularySlice {
  readonly first: number;
  readonly size: number;
}

const ALIGNMENT = 64;

/**
 * Slices such that the logits of one, (rows, size), and the copy of its weights, (size, width), take no more than
 * `bytes` together, in float32; never less than 64 tokens.
 */
export function vocabularySlices(
  rows: number,
  width: number,
  vocabulary: number,
  bytes: number,
): VocabularySlice[] {
  const most = Math.floor(bytes / (4 * (rows + width)));
  const count = Math.ceil(vocabulary / Math.max(ALIGNMENT, most));
  // Even slices: a small last one would multiply slowly.
  const size = Math.max(ALIGNMENT, Math.ceil(vocabulary / count / ALIGNMENT) * ALIGNMENT);
  const slices: VocabularySlice[] = [];
  for (let first = 0; first < vocabulary; first += size) {
    slices.push({ first, size: Math.min(size, vocabulary - first) });
  }
  return slices;
}

/** Rows first … of the weights as a copy that is made after `others` are known, so that copies don't pile up. */
function weightSlice(weight: Tensor, { first, size }: VocabularySlice, others: readonly Tensor[]): Tensor {
  const begin = after(tf.fill([1], first, 'int32'), others);
  return tf.gather(weight, tf.add(tf.range(0, size, 1, 'int32'), begin) as never);
}

/** log Σ exp over the vocabulary, (R, 1): of each slice by itself, then of the slices. */
function logTotals(hidden: Tensor, weight: Tensor, slices: readonly VocabularySlice[]): Tensor {
  const parts: Tensor[] = [];
  for (const slice of slices) {
    const part = tf.tidy(() => {
      const logits = tf.matMul(hidden, weightSlice(weight, slice, parts.slice(-1)), false, true);
      const maximum = tf.max(logits, 1, true);
      return tf.add(maximum, tf.log(tf.sum(tf.exp(tf.sub(logits, maximum)), 1, true)));
    });
    parts.push(part);
  }
  return tf.logSumExp(tf.concat(parts, 1), 1, true);
}

export interface SlicedForward {
  /** (R) */
  readonly value: Tensor;
  /** log Σ exp(logits), (R, 1) */
  readonly logTotal: Tensor;
  /** W[targets], (R, d) */
  readonly rows: Tensor;
}

export function slicedForward(
  hidden: Tensor,
  weight: Tensor,
  targets: Tensor,
  slices: readonly VocabularySlice[],
): SlicedForward {
  const logTotal = logTotals(hidden, weight, slices);
  const rows = tf.gather(weight, targets as never);
  const targetLogits = tf.sum(tf.mul(hidden, rows), 1);
  return { value: tf.sub(targetLogits, tf.reshape(logTotal, targetLogits.shape)), logTotal, rows };
}

export interface SlicedGradientArguments extends Omit<SlicedForward, 'value'> {
  readonly hidden: Tensor;
  readonly weight: Tensor;
  /** (R) */
  readonly dy: Tensor;
  readonly slices: readonly VocabularySlice[];
  /** Given where the weights are trained. */
  readonly targets: Tensor | null;
}

/**
 * Each slice's logits L are made again, and its probabilities P = exp(L − log total) die before the next slice's are
 * made. With D = diag(dy): d hidden = D·(W[targets] − Σ P·W), d weight = scatter(D·hidden at targets) − Pᵀ·D·hidden.
 */
export function slicedGradients(given: SlicedGradientArguments): { hidden: Tensor; weight: Tensor | null } {
  const { hidden, weight, dy, slices, targets, rows, logTotal } = given;
  const column = tf.reshape(dy, [hidden.shape[0] as number, 1]);
  const scaled = tf.mul(column, hidden);
  let expected: Tensor | null = null;
  const weightGradients: Tensor[] = [];
  let before: Tensor[] = [column];
  for (const slice of slices) {
    const sum: Tensor | null = expected;
    const made = tf.tidy(() => {
      const copied = weightSlice(weight, slice, before);
      const probabilities = tf.exp(tf.sub(tf.matMul(hidden, copied, false, true), logTotal));
      const part = tf.matMul(probabilities, copied);
      const total = sum === null ? part : tf.add(sum, part);
      if (targets === null) return [total];
      const fromAll = tf.matMul(probabilities, scaled, true, false);
      return [total, tf.sub(atTargets(scaled, targets, slice), fromAll)];
    });
    before = made;
    expected = made[0] as Tensor;
    weightGradients.push(...made.slice(1));
  }
  return {
    hidden: tf.mul(column, tf.sub(rows, expected as Tensor)),
    weight: targets === null ? null : tf.concat(weightGradients, 0),
  };
}

/** Rows added up at their targets within the slice, (size, d); those with a target elsewhere are dropped. */
function atTargets(rows: Tensor, targets: Tensor, { first, size }: VocabularySlice): Tensor {
  const local = tf.sub(targets, first);
  const within = tf.where(tf.less(local, size), local, -1);
  return tf.unsortedSegmentSum(rows, tf.cast(within, 'int32') as never, size);
}
