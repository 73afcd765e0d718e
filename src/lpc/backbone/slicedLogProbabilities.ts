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
  const least = Math.ceil(vocabulary / Math.max(ALIGNMENT, most));
  // Even slices: a small last one would multiply slowly, and one of another size takes arrays of its own.
  const isEven = (slices: number): boolean => vocabulary % (slices * ALIGNMENT) === 0;
  const some = Array.from({ length: Math.ceil(least / 2) }, (_, more) => least + more);
  const count = some.find(isEven) ?? least;
  const size = Math.max(ALIGNMENT, Math.ceil(vocabulary / count / ALIGNMENT) * ALIGNMENT);
  const slices: VocabularySlice[] = [];
  for (let first = 0; first < vocabulary; first += size) {
    slices.push({ first, size: Math.min(size, vocabulary - first) });
  }
  return slices;
}

/** Rows first … of the weights as a copy that is made after `others` are known, so that copies don't pile up. */
export function weightSlice(
  weight: Tensor,
  { first, size }: VocabularySlice,
  others: readonly Tensor[],
): Tensor {
  const begin = after(tf.fill([1], first, 'int32'), others);
  return tf.gather(weight, tf.add(tf.range(0, size, 1, 'int32'), begin) as never);
}

export interface Normalised {
  /** softmax over the columns given, of the shape of the logits. */
  readonly probabilities: Tensor;
  /** log Σ exp(logits), (R, 1) */
  readonly logTotal: Tensor;
}

/**
 * softmax and log Σ exp of logits (R, n). The largest probability is 1 / Σ exp(logits − max), so that log Σ exp is
 * max − log(largest). Softmax waits for the maximum: ONNX Runtime then writes it over the logits, where exponentials of
 * differences would take two more arrays.
 */
export function normalised(logits: Tensor): Normalised {
  const maximum = tf.max(logits, 1, true);
  const probabilities = tf.softmax(after(logits, [maximum]));
  return { probabilities, logTotal: tf.sub(maximum, tf.log(tf.max(probabilities, 1, true))) };
}

/** log Σ exp of each slice, (R, slices). */
function sliceTotals(hidden: Tensor, weight: Tensor, slices: readonly VocabularySlice[]): Tensor {
  const parts: Tensor[] = [];
  for (const slice of slices) {
    parts.push(
      tf.tidy(() => {
        const copied = weightSlice(weight, slice, parts.slice(-1));
        return normalised(tf.matMul(hidden, copied, false, true)).logTotal;
      }),
    );
  }
  return tf.concat(parts, 1);
}

export interface SlicedForward {
  /** (R) */
  readonly value: Tensor;
  /** Share of each slice in the probabilities, (R, slices). */
  readonly shares: Tensor;
  /** W[targets], (R, d) */
  readonly rows: Tensor;
}

export function slicedForward(
  hidden: Tensor,
  weight: Tensor,
  targets: Tensor,
  slices: readonly VocabularySlice[],
): SlicedForward {
  const totals = sliceTotals(hidden, weight, slices);
  const logTotal = tf.logSumExp(totals, 1, true);
  const rows = tf.gather(weight, targets as never);
  const targetLogits = tf.sum(tf.mul(hidden, rows), 1);
  const value = tf.sub(targetLogits, tf.reshape(logTotal, targetLogits.shape));
  return { value, shares: tf.exp(tf.sub(totals, logTotal)), rows };
}

export interface ForwardWithGradient {
  /** (R) */
  readonly value: Tensor;
  /** d value / d hidden = W[targets] − P·W, (R, d) */
  readonly slope: Tensor;
}

/**
 * For weights at rest: each slice is read once, for value and gradient both. With C_s the share of slice s,
 * P·W = Σ C_s·softmax(logits_s)·W_s, and each product is known before the shares are.
 */
export function slicedForwardWithGradient(
  hidden: Tensor,
  weight: Tensor,
  targets: Tensor,
  slices: readonly VocabularySlice[],
): ForwardWithGradient {
  const parts: { readonly logTotal: Tensor; readonly expected: Tensor }[] = [];
  for (const slice of slices) {
    const last = parts.at(-1);
    const copied = weightSlice(weight, slice, last ? [last.logTotal, last.expected] : []);
    const { probabilities, logTotal } = normalised(tf.matMul(hidden, copied, false, true));
    parts.push({ logTotal, expected: tf.matMul(probabilities, copied) });
  }
  const totals = tf.concat(
    parts.map(({ logTotal }) => logTotal),
    1,
  );
  const logTotal = tf.logSumExp(totals, 1, true);
  const shares = tf.split(tf.exp(tf.sub(totals, logTotal)), parts.length, 1);
  const expected = parts
    .map((part, index) => tf.mul(part.expected, shares[index] as Tensor))
    .reduce((sum, part) => tf.add(sum, part));
  const rows = tf.gather(weight, targets as never);
  const targetLogits = tf.sum(tf.mul(hidden, rows), 1);
  return {
    value: tf.sub(targetLogits, tf.reshape(logTotal, targetLogits.shape)),
    slope: tf.sub(rows, expected),
  };
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
 * Each slice's logits are made again, and its probabilities P = C·softmax(logits), C the diagonal of its share, die
 * before the next slice's are made. With D = diag(dy): d hidden = D·(W[targets] − Σ P·W),
 * d weight = scatter(D·hidden at targets) − Pᵀ·D·hidden. C is applied on the (R, d) side.
 */
export function slicedGradients(given: SlicedGradientArguments): { hidden: Tensor; weight: Tensor | null } {
  const { hidden, weight, dy, slices, targets, rows, shares } = given;
  const column = tf.reshape(dy, [hidden.shape[0] as number, 1]);
  const scaled = tf.mul(column, hidden);
  let expected: Tensor | null = null;
  const weightGradients: Tensor[] = [];
  let before: Tensor[] = [column];
  for (const [index, slice] of slices.entries()) {
    const sum: Tensor | null = expected;
    const made = tf.tidy(() => {
      const copied = weightSlice(weight, slice, before);
      const share = tf.slice(shares, [0, index], [column.size, 1]);
      const probabilities = normalised(tf.matMul(hidden, copied, false, true)).probabilities;
      const part = tf.mul(tf.matMul(probabilities, copied), share);
      const total = sum === null ? part : tf.add(sum, part);
      if (targets === null) return [total];
      const fromAll = tf.matMul(probabilities, tf.mul(scaled, share), true, false);
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

export interface SlicedShiftArguments
  extends Pick<SlicedGradientArguments, 'hidden' | 'weight' | 'slices' | 'rows' | 'shares'> {
  /** M·D: which state belongs to which shift, times the gradient of its value, (G, R). */
  readonly weighted: Tensor;
}

/** M·D·W[targets] − Σ (M·D·C·softmax(logits))·W over the slices: the gradient of what is added to each group of states, (G, d). */
export function slicedShiftGradient(given: SlicedShiftArguments): Tensor {
  const { hidden, weight, weighted, slices, rows, shares } = given;
  const count = hidden.shape[0] as number;
  let expected: Tensor | null = null;
  for (const [index, slice] of slices.entries()) {
    const sum: Tensor | null = expected;
    expected = tf.tidy(() => {
      const copied = weightSlice(weight, slice, [sum ?? weighted]);
      const share = tf.reshape(tf.slice(shares, [0, index], [count, 1]), [1, count]);
      const { probabilities } = normalised(tf.matMul(hidden, copied, false, true));
      const part = tf.matMul(tf.matMul(tf.mul(weighted, share), probabilities), copied);
      return sum === null ? part : tf.add(sum, part);
    });
  }
  return tf.sub(tf.matMul(weighted, rows), expected as Tensor);
}

/** Rows added up at their targets within the slice, (size, d); those with a target elsewhere are dropped. */
function atTargets(rows: Tensor, targets: Tensor, { first, size }: VocabularySlice): Tensor {
  const local = tf.sub(targets, first);
  const within = tf.where(tf.less(local, size), local, -1);
  return tf.unsortedSegmentSum(rows, tf.cast(within, 'int32') as never, size);
}
