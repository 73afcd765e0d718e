/** Inputs of one packed row, and what is read off its hidden states. T tokens, R response slots, P pair slots. */
import type { NamedSpecs, NamedTensors, Tensor, TensorSpec } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import type { Pooling } from '#core/runConfig.ts';
import type { RowShape } from '../packing/shape.ts';

const int = (...shape: number[]): TensorSpec => ({ shape, dtype: 'int32' });
const float = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });

/** Tokens and the attention tree: what the backbone reads. */
export const backboneInputs = ({ tokens }: RowShape): NamedSpecs => ({
  tokens: int(tokens),
  positions: int(tokens),
  pairOf: int(tokens),
  branch: int(tokens),
});

export const rowInputs = (shape: RowShape): NamedSpecs => ({
  ...backboneInputs(shape),
  responseRows: int(shape.responses),
  targets: int(shape.responses),
  responseSequence: int(shape.responses),
  promptLast: int(shape.pairs),
  chosenLast: int(shape.pairs),
  rejectedLast: int(shape.pairs),
  pairWeight: float(shape.pairs),
});

/** What scoring replies needs of a row beside its states. */
export const replyInputs = (shape: RowShape): NamedSpecs => ({
  targets: int(shape.responses),
  responseSequence: int(shape.responses),
  pairWeight: float(shape.pairs),
});

export interface CachedHiddenStates {
  /** Under injection `layers`: the layout too, since the blocks that see z run again. */
  readonly below: boolean;
}

/** Cached states handed in instead of tokens, for a backbone at rest. */
export function hiddenStateInputs(
  shape: RowShape,
  hiddenSize: number,
  { below }: CachedHiddenStates,
): NamedSpecs {
  const perPair = float(shape.pairs, hiddenSize);
  const { tokens: _, ...layout } = backboneInputs(shape);
  return {
    ...(below
      ? {
          'states.below': float(shape.tokens, hiddenSize),
          ...layout,
          responseRows: int(shape.responses),
        }
      : { 'states.responses': float(shape.responses, hiddenSize) }),
    'states.prompt': perPair,
    'states.chosen': perPair,
    'states.rejected': perPair,
  };
}

export const hiddenStatesOfInputs = (inputs: NamedTensors): RowHiddenStates => ({
  responses: inputs['states.responses'] ?? null,
  below: inputs['states.below'] ?? null,
  prompt: inputs['states.prompt'] as Tensor,
  chosen: inputs['states.chosen'] as Tensor,
  rejected: inputs['states.rejected'] as Tensor,
});

/** Hidden states where the method needs them, all before z is added and, but for `below`, after the final norm. */
export interface RowHiddenStates {
  /** States that predict the response tokens, (R, d); null where only `below` was cached. */
  readonly responses: Tensor | null;
  /** Input of the first block that receives z, (T, d); null where z is added at the head. */
  readonly below: Tensor | null;
  /** h_x, (P, d). */
  readonly prompt: Tensor;
  /** h_w and h_l at the last token of each reply, (P, d). */
  readonly chosen: Tensor;
  readonly rejected: Tensor;
}

const slotEquals = (ids: Tensor, slots: number): Tensor =>
  tf.cast(tf.equal(tf.expandDims(tf.range(0, slots, 1, 'int32'), 1), tf.expandDims(ids, 0)), 'float32');

/** h_x: the state at the last prompt token, or the mean over the prompt's tokens, (T, d) → (P, d). */
export function poolPrompt(hidden: Tensor, row: NamedTensors, pairs: number, pooling: Pooling): Tensor {
  if (pooling === 'last') return tf.gather(hidden, row.promptLast as import('@tensorflow/tfjs').Tensor1D);
  const inPrompt = tf.cast(tf.equal(row.branch as Tensor, 0), 'float32'); // (T)
  const member = tf.mul(slotEquals(row.pairOf as Tensor, pairs), tf.expandDims(inPrompt, 0)); // (P, T)
  const count = tf.maximum(tf.sum(member, 1, true), 1); // (P, 1)
  return tf.matMul(tf.div(member, count), hidden);
}

/** (T, d) → the states that the heads and the LM head read. */
export function readHiddenStates(
  hidden: Tensor,
  row: NamedTensors,
  shape: RowShape,
  pooling: Pooling,
): Omit<RowHiddenStates, 'below'> & { readonly responses: Tensor } {
  const at = (name: string): Tensor => tf.gather(hidden, row[name] as import('@tensorflow/tfjs').Tensor1D);
  return {
    responses: at('responseRows'),
    prompt: poolPrompt(hidden, row, shape.pairs, pooling),
    chosen: at('chosenLast'),
    rejected: at('rejectedLast'),
  };
}

/** Which response slot belongs to which sequence (2·pair + side) and pair; unused slots (−1) belong to none. */
export interface ResponseMembership {
  /** (2P, R), 0 or 1. */
  readonly sequences: Tensor;
  /** What each token's log-probability counts in its reply's, (2P, R); `sequences` where all count alike. */
  readonly weights: Tensor;
  /** (P, R), 0 or 1; replies to other prompts among them. */
  readonly pairs: Tensor;
  /** Which slots are a reply to another prompt, (P, R), 0 or 1; null where rows have none. */
  readonly unrelated: Tensor | null;
  /** Tokens of each reply, (P, 2). */
  readonly lengths: Tensor;
}

/** `sequences` with α in the place of 1 for tokens beyond the length of the shorter reply of the pair (LD-DPO). */
function withTailWeight(sequences: Tensor, lengths: Tensor, { pairs }: RowShape, alpha: number): Tensor {
  const shared = tf.reshape(tf.tile(tf.min(lengths, 1, true), [1, 2]), [2 * pairs, 1]);
  const place = tf.cumsum(sequences, 1); // 1 at a reply's first token
  const inShared = tf.cast(tf.lessEqual(place, shared), 'float32');
  return tf.mul(sequences, tf.add(tf.mul(inShared, 1 - alpha), alpha));
}

/**
 * `tailWeight` as in `tailWeightOf`: null where all tokens of a reply count alike. `withUnrelated` where rows may hold replies to other
 * prompts.
 */
export function responseMembership(
  row: NamedTensors,
  shape: RowShape,
  tailWeight: number | null = null,
  withUnrelated = false,
): ResponseMembership {
  const sequences = slotEquals(row.responseSequence as Tensor, 2 * shape.pairs);
  const lengths = tf.reshape(tf.sum(sequences, 1), [shape.pairs, 2]);
  const labelled = tf.sum(tf.reshape(sequences, [shape.pairs, 2, shape.responses]), 1);
  const unrelated = withUnrelated
    ? slotEquals(tf.sub(row.responseSequence as Tensor, 2 * shape.pairs), shape.pairs)
    : null;
  return {
    sequences,
    weights: tailWeight === null ? sequences : withTailWeight(sequences, lengths, shape, tailWeight),
    pairs: unrelated ? tf.add(labelled, unrelated) : labelled,
    unrelated,
    lengths,
  };
}

/** Which token belongs to which pair, (P, T), 0 or 1; padding belongs to none. */
export const tokenMembership = (row: NamedTensors, shape: RowShape): Tensor =>
  slotEquals(row.pairOf as Tensor, shape.pairs);

/** Adds each pair's z to the states that predict its replies: (R, d), (P, d) → (R, d). */
export const addLatent = (responses: Tensor, latent: Tensor, membership: ResponseMembership): Tensor =>
  tf.add(responses, tf.matMul(membership.pairs, latent, true, false));

/** Σ_t w_t log π(y_t) per reply: (R) → (P, 2). */
export const sumByReply = (
  logProbabilities: Tensor,
  membership: ResponseMembership,
  shape: RowShape,
): Tensor => tf.reshape(tf.matMul(membership.weights, tf.expandDims(logProbabilities, 1)), [shape.pairs, 2]);

/** Σ_t log π(y_t) of the reply to another prompt, (R) → (P). */
export const sumOfUnrelated = (logProbabilities: Tensor, unrelated: Tensor): Tensor =>
  tf.reshape(tf.matMul(unrelated, tf.expandDims(logProbabilities, 1)), [-1]);
