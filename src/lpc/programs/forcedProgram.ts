/** Margins with codes that are handed in, not chosen by the prior: what each code does to a pair. P pairs, K codes. */
import type { NamedTensors, Program, Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { tailWeightOf } from '#core/methods.ts';
import type { LatentConfig } from '#core/runConfig.ts';
import { shiftedLogProbabilities } from '../backbone/shiftedLogProbabilities.ts';
import { lmHeadName } from '../backbone/weightNames.ts';
import { codebookOf, type Lookup, lookupIn } from '../method/heads.ts';
import { latentVector } from '../method/latent.ts';
import { scorePairs } from '../method/objectives.ts';
import {
  injectedInto,
  type ProgramOptions,
  policyHiddenStates,
  policyReads,
  programName,
  replyLogProbabilities,
  rowInputsOf,
} from './policy.ts';
import { addLatent, type ResponseMembership, type RowHiddenStates, responseMembership } from './rowInputs.ts';

/** Share of a pinned code; the prior's mixture has the rest. */
export const PINNED_SHARE = 0.5;

/** z at the head is one vector a sequence, so that all codes share the logits of the states: they are forced at once. */
export const forcesAllAtOnce = (options: Pick<ProgramOptions, 'config' | 'backbone'>): boolean =>
  injectedInto(options).length === 0;

interface Row {
  readonly options: ProgramOptions;
  readonly weight: Lookup;
  readonly inputs: NamedTensors;
  readonly states: RowHiddenStates;
  readonly membership: ResponseMembership;
  /** E (K, d) */
  readonly codebook: Tensor;
}

/** Margins under each of K shifts of the reply states (R, d): (P, K). */
function marginsUnder({ options, weight, inputs, membership }: Row, hidden: Tensor, shifts: Tensor): Tensor {
  const { shape, config, backbone } = options;
  const codes = shifts.shape[0] as number;
  const head = weight(lmHeadName(backbone));
  const byToken = shiftedLogProbabilities(hidden, shifts, head, inputs.targets as Tensor); // (R, K)
  const byReply = tf.reshape(tf.matMul(membership.weights, byToken), [shape.pairs, 2, codes]);
  const logps = tf.reshape(tf.transpose(byReply as never, [0, 2, 1]), [shape.pairs * codes, 2]);
  const spread = (perPair: Tensor): Tensor => {
    const column = tf.reshape(perPair, [shape.pairs, 1, 2]);
    return tf.reshape(tf.tile(column, [1, codes, 1]), [shape.pairs * codes, 2]);
  };
  const { margin } = scorePairs(config, {
    logps,
    reference: spread(inputs.reference as Tensor),
    lengths: spread(membership.lengths),
  });
  return tf.reshape(margin, [shape.pairs, codes]);
}

function allAtOnce(row: Row): Record<'forced' | 'pinned', Tensor> {
  const { states, membership, inputs, codebook } = row;
  const hidden = states.responses as Tensor;
  const prior = latentVector(inputs.mixture as Tensor, codebook);
  const shared = latentVector(inputs.shared as Tensor, codebook); // (1, d)
  const shifts = tf.concat([codebook, tf.mul(shared, 0), shared] as never, 0) as Tensor; // (K + 2, d)
  const mixed = addLatent(hidden, tf.mul(prior, 1 - PINNED_SHARE), membership);
  return {
    forced: marginsUnder(row, hidden, shifts),
    pinned: marginsUnder(row, mixed, tf.mul(codebook, PINNED_SHARE)),
  };
}

/**
 * Inputs: the row, `reference` (P, 2), `mixture` (P, K), weights over the codes. With z at the head also `shared` (1, K), one mixture
 * for all, and outputs `forced` (P, K + 2), z = e_k, then 0, then shared·E, and `pinned` (P, K), z = half e_k and half mixture·E, for
 * about one pass through the LM head each; with z in the layers `margin` (P), z = mixture·E.
 */
export function forcedProgram(options: ProgramOptions, latent: LatentConfig): Program {
  const { shape, config } = options;
  return {
    name: programName('force', options),
    inputs: {
      ...rowInputsOf(options),
      reference: { shape: [shape.pairs, 2], dtype: 'float32' },
      mixture: { shape: [shape.pairs, latent.codes], dtype: 'float32' },
      ...(forcesAllAtOnce(options) && { shared: { shape: [1, latent.codes], dtype: 'float32' as const } }),
    },
    ...policyReads(options),
    build({ inputs, state, constants }) {
      const weight = lookupIn(state, constants);
      const states = policyHiddenStates(options, weight, inputs);
      const membership = responseMembership(inputs, shape, tailWeightOf(config));
      const codebook = codebookOf(latent, weight);
      if (forcesAllAtOnce(options))
        return { outputs: allAtOnce({ options, weight, inputs, states, membership, codebook }) };
      const z = latentVector(inputs.mixture as Tensor, codebook);
      const logps = replyLogProbabilities(options, weight, states, z, inputs, membership);
      const reference = inputs.reference as Tensor;
      const { margin } = scorePairs(config, { logps, reference, lengths: membership.lengths });
      return { outputs: { margin } };
    },
  };
}
