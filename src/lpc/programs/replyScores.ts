/** The objective on the replies of a row, as training and evaluation read them. */
import type { NamedSpecs, NamedTensors, Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { learnsFromSingles, tailWeightOf } from '#core/methods.ts';
import type { Lookup } from '../method/heads.ts';
import { type PairScores, scorePairs } from '../method/objectives.ts';
import { type ProgramOptions, tokenLogProbabilities } from './policy.ts';
import {
  type ResponseMembership,
  type RowHiddenStates,
  responseMembership,
  sumByReply,
  sumOfUnrelated,
} from './rowInputs.ts';

/** `reference` (P, 2), and where each reply is an example of its own `unrelatedReference` (P). */
export const referenceInputs = ({ config, shape }: Pick<ProgramOptions, 'config' | 'shape'>): NamedSpecs => ({
  reference: { shape: [shape.pairs, 2], dtype: 'float32' },
  ...(learnsFromSingles(config) && {
    unrelatedReference: { shape: [shape.pairs], dtype: 'float32' as const },
  }),
});

/** Which slots are of which reply, by what the objective reads. */
export const membershipOf = (
  { config, shape }: Pick<ProgramOptions, 'config' | 'shape'>,
  inputs: NamedTensors,
): ResponseMembership => responseMembership(inputs, shape, tailWeightOf(config), learnsFromSingles(config));

/**
 * Mean of log π − log π_ref over the row's replies to other prompts, at least 0, []: an estimate of KL(π‖π_ref), in which each labelled
 * reply counts once, so that the other reply of a pair counts twice.
 */
function referencePointOf(
  logProbabilities: Tensor,
  inputs: NamedTensors,
  unrelated: Tensor,
  lengths: Tensor,
): Tensor {
  const labelled = tf.sum(tf.minimum(lengths, 1), 1); // (P)
  const weight = tf.mul(inputs.pairWeight as Tensor, labelled);
  const ratios = tf.sub(sumOfUnrelated(logProbabilities, unrelated), inputs.unrelatedReference as Tensor);
  return tf.maximum(tf.div(tf.sum(tf.mul(ratios, weight)), tf.maximum(tf.sum(weight), 1)), 0);
}

/** The value, with nothing flowing back through it. */
const withoutGradient = (value: Tensor): Tensor =>
  tf.customGrad(((input: Tensor) => ({
    value: tf.clone(input),
    gradFunc: (dy: Tensor) => tf.zerosLike(dy),
  })) as never)(value as never);

type RowScores = PairScores & { readonly logps: Tensor };

/** Scores of a row from the log-probabilities of its reply tokens, (R); `logps` (P, 2). */
export function scoresOfTokens(
  { config, shape }: Pick<ProgramOptions, 'config' | 'shape'>,
  logProbabilities: Tensor,
  inputs: NamedTensors,
  membership: ResponseMembership,
): RowScores {
  const { unrelated, lengths } = membership;
  const logps = sumByReply(logProbabilities, membership, shape);
  const referencePoint =
    unrelated && withoutGradient(referencePointOf(logProbabilities, inputs, unrelated, lengths));
  const reference = inputs.reference as Tensor;
  return { logps, ...scorePairs(config, { logps, reference, lengths, referencePoint }) };
}

/** Scores of a row with z (P, d), null for the plain policy. */
export const scoreReplies = (
  options: ProgramOptions,
  weight: Lookup,
  states: RowHiddenStates,
  z: Tensor | null,
  inputs: NamedTensors,
  membership: ResponseMembership,
): RowScores =>
  scoresOfTokens(
    options,
    tokenLogProbabilities(options, weight, states, z, inputs, membership),
    inputs,
    membership,
  );
