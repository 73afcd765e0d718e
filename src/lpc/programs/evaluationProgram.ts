/** Held-out figures of every pair, without noise: prior, posterior, and posterior with the replies swapped. */
import type { Program, Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { lookupIn, posteriorLogits, priorLogits } from '../method/heads.ts';
import { klDivergence, latentVector } from '../method/latent.ts';
import { scorePairs } from '../method/objectives.ts';
import {
  type ProgramOptions,
  policyReads,
  policyStates,
  programName,
  replyLogProbabilities,
  rowInputsOf,
} from './policy.ts';
import { responseMembership } from './rowInputs.ts';

/**
 * Inputs: the row and `reference` (P, 2). Outputs under the prior's expectation z = softmax(prior)·E:
 * `logps` and `rewards` (P, 2), `margin`, `loss` (P), `lengths` (P, 2). With a latent also `prior`, `posterior` (P, K),
 * `kl` (P), and the margins with z from the posterior: `posteriorMargin` (P), and `swappedMargin` (P), for which the
 * posterior reads the rejected reply in the chosen one's place while the margin stays chosen − rejected.
 */
export function evaluationProgram(options: ProgramOptions): Program {
  const reads = policyReads(options);
  const { shape, config } = options;
  return {
    name: programName('evaluate', options),
    inputs: { ...rowInputsOf(options), reference: { shape: [shape.pairs, 2], dtype: 'float32' } },
    state: reads.state,
    constants: reads.constants,
    build({ inputs, state, constants }) {
      const weight = lookupIn(state, constants);
      const states = policyStates(options, weight, inputs);
      const membership = responseMembership(inputs, shape);
      const scoresWith = (z: Tensor | null) => {
        const logps = replyLogProbabilities(options, weight, states, z, inputs, membership);
        const reference = inputs.reference as Tensor;
        return { logps, ...scorePairs(config, { logps, reference, lengths: membership.lengths }) };
      };
      const lengths = membership.lengths;
      if (!config.latent) return { outputs: { ...scoresWith(null), lengths } };

      const codebook = weight('codebook');
      const prior = priorLogits(weight, states.prompt);
      const posterior = posteriorLogits(weight, states.prompt, states.chosen, states.rejected);
      const swapped = posteriorLogits(weight, states.prompt, states.rejected, states.chosen);
      const zOf = (logits: Tensor): Tensor => latentVector(tf.softmax(logits), codebook);
      return {
        outputs: {
          ...scoresWith(zOf(prior)),
          lengths,
          prior: tf.softmax(prior),
          posterior: tf.softmax(posterior),
          kl: klDivergence(posterior, prior),
          posteriorMargin: scoresWith(zOf(posterior)).margin,
          swappedMargin: scoresWith(zOf(swapped)).margin,
        },
      };
    },
  };
}
