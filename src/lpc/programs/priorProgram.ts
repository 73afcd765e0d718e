/** p(z|x) of prompts: what inference and the code explorer use. */

import type { Program, Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { codesOf, whyWithoutCodes } from '#core/methods.ts';
import { FacetError } from '#core/result.ts';
import { lookupIn, priorLogits } from '../method/heads.ts';
import { type ProgramOptions, policyHidden, policyReads } from './policy.ts';
import { backboneInputs, poolPrompt } from './rowInputs.ts';

/** Input: tokens of prompt-only rows and `promptLast` (P). Outputs: `prior` (P, K) and what it is read from, `states` h_x (P, d). */
export function priorProgram(options: ProgramOptions): Program {
  const { shape, config } = options;
  const { latent } = config;
  if (latent === null || codesOf(config) === null)
    throw new FacetError({
      code: 'lpc.no-latent',
      message: `This run has no codes: ${whyWithoutCodes(config)}.`,
      fix: 'Choose a run with codes, or train one with LPC’s codebook.',
    });
  const reads = policyReads(options);
  return {
    name: `prior-${options.stage}-${shape.tokens}x${shape.pairs}`,
    inputs: { ...backboneInputs(shape), promptLast: { shape: [shape.pairs], dtype: 'int32' } },
    state: reads.state,
    constants: reads.constants,
    build({ inputs, state, constants }) {
      const weight = lookupIn(state, constants);
      const hidden: Tensor = policyHidden(options, weight, inputs);
      const states = poolPrompt(hidden, inputs, shape.pairs, latent.pooling);
      return { outputs: { prior: tf.softmax(priorLogits(latent, weight, states)), states } };
    },
  };
}
