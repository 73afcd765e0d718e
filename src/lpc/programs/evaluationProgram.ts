/** Held-out figures of every pair: prior, posterior, and posterior with the replies swapped; z read as the run says. */

import type { Program, Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { codesOf, hasPosterior } from '#core/methods.ts';
import { lmHeadName } from '../backbone/weightNames.ts';
import { lookupIn } from '../method/heads.ts';
import { inferenceLatentInputs, latentKl, posteriorLatent, priorLatent } from '../method/latentModel.ts';
import {
  injectedInto,
  type ProgramOptions,
  policyHiddenStates,
  policyReads,
  programName,
  rowInputsOf,
} from './policy.ts';
import { membershipOf, referenceInputs, scoreReplies } from './replyScores.ts';

/** Standard deviation along the rows, (P, V) → (P). */
function spreadOf(values: Tensor): Tensor {
  const centred = tf.sub(values, tf.mean(values, 1, true));
  return tf.sqrt(tf.mean(tf.square(centred), 1));
}

/**
 * Inputs: the row, `referenceInputs`, and `noiseInference` where z is sampled. Outputs with z from the prior:
 * `logps` and `rewards` (P, 2), `margin`, `loss` (P), `lengths` (P, 2). With a codebook also `prior` (P, K), with a posterior
 * over codes `posterior` (P, K). With a posterior `kl` (P), and the margins with z from it: `posteriorMargin` (P), and `swappedMargin` (P), for which
 * the posterior reads the rejected reply in the chosen one's place while the margin stays chosen − rejected.
 */
export function evaluationProgram(options: ProgramOptions): Program {
  const reads = policyReads(options);
  const { shape, config, backbone } = options;
  const { latent } = config;
  return {
    name: programName('evaluate', options),
    inputs: {
      ...rowInputsOf(options),
      ...referenceInputs(options),
      ...(latent && inferenceLatentInputs(latent, shape.pairs, backbone.hiddenSize)),
    },
    state: reads.state,
    constants: reads.constants,
    build({ inputs, state, constants }) {
      const weight = lookupIn(state, constants);
      const states = policyHiddenStates(options, weight, inputs);
      const membership = membershipOf(options, inputs);
      const scoresWith = (z: Tensor | null) => scoreReplies(options, weight, states, z, inputs, membership);
      const lengths = membership.lengths;
      if (!latent) return { outputs: { ...scoresWith(null), lengths } };

      const noise = inputs.noiseInference ?? null;
      const prior = priorLatent(latent, weight, states.prompt, noise);
      const underPrior = {
        ...scoresWith(prior.z),
        lengths,
        ...(injectedInto(options).length === 0 && {
          logitShift: spreadOf(tf.matMul(prior.z, weight(lmHeadName(backbone)), false, true)),
        }),
        ...(codesOf(config) !== null && {
          prior: tf.softmax(prior.output as Tensor),
          promptStates: states.prompt,
        }),
      };
      if (prior.output === null || !hasPosterior(config)) return { outputs: underPrior };
      const swappedStates = { prompt: states.prompt, chosen: states.rejected, rejected: states.chosen };
      const posterior = posteriorLatent(latent, weight, states, noise);
      const swapped = posteriorLatent(latent, weight, swappedStates, noise);
      return {
        outputs: {
          ...underPrior,
          ...(codesOf(config) !== null && { posterior: tf.softmax(posterior.output) }),
          kl: latentKl(latent, posterior.output, prior.output),
          posteriorMargin: scoresWith(posterior.z).margin,
          swappedMargin: scoresWith(swapped.z).margin,
        },
      };
    },
  };
}
