/** p(z|x) of prompts: what inference and the code explorer use. */

import type { Program, Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { codesOf, whyWithoutCodes } from '#core/methods.ts';
import { FacetError } from '#core/result.ts';
import type { LatentConfig } from '#core/runConfig.ts';
import { lookupIn, priorLogits } from '../method/heads.ts';
import { type ProgramOptions, parameterGroups, policyHidden, policyReads } from './policy.ts';
import { backboneInputs, poolPrompt } from './rowInputs.ts';

function requireCodes({ config }: Pick<ProgramOptions, 'config'>): LatentConfig {
  const { latent } = config;
  if (latent === null || codesOf(config) === null)
    throw new FacetError({
      code: 'lpc.no-latent',
      message: `This run has no codes: ${whyWithoutCodes(config)}.`,
      fix: 'Choose a run with codes, or train one with LPC’s codebook.',
    });
  return latent;
}

/** Input: tokens of prompt-only rows and `promptLast` (P). Outputs: `prior` (P, K) and what it is read from, `states` h_x (P, d). */
export function priorProgram(options: ProgramOptions): Program {
  const { shape } = options;
  const latent = requireCodes(options);
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

/** The same where h_x is known, as of a backbone at rest. Input: `states.prompt` (P, d). Output: `prior` (P, K). */
export function priorOfStatesProgram(
  options: Pick<ProgramOptions, 'config' | 'backbone'>,
  prompts: number,
): Program {
  const latent = requireCodes(options);
  const { heads, fixed } = parameterGroups(options.config, options.backbone);
  return {
    name: `prior-cached-${prompts}`,
    inputs: { 'states.prompt': { shape: [prompts, options.backbone.hiddenSize], dtype: 'float32' } },
    state: Object.keys({ ...heads, ...fixed }),
    constants: [],
    build({ inputs, state }) {
      const states = inputs['states.prompt'] as Tensor;
      return { outputs: { prior: tf.softmax(priorLogits(latent, lookupIn(state), states)) } };
    },
  };
}
