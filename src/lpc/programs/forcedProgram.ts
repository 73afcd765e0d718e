/** Margins with codes that are handed in, not chosen by the prior: what each code does to a pair. */
import type { Program, Tensor } from '#compute/program.ts';
import type { LatentConfig } from '#core/runConfig.ts';
import { lookupIn } from '../method/heads.ts';
import { latentOfMixture } from '../method/latentModel.ts';
import { scorePairs } from '../method/objectives.ts';
import {
  type ProgramOptions,
  policyHiddenStates,
  policyReads,
  programName,
  replyLogProbabilities,
  rowInputsOf,
} from './policy.ts';
import { responseMembership } from './rowInputs.ts';

/** Inputs: the row, `reference` (P, 2), `mixture` (P, K), weights over the codes. Output `margin` (P) of the objective. */
export function forcedProgram(options: ProgramOptions, latent: LatentConfig): Program {
  const { shape, config } = options;
  return {
    name: programName('force', options),
    inputs: {
      ...rowInputsOf(options),
      reference: { shape: [shape.pairs, 2], dtype: 'float32' },
      mixture: { shape: [shape.pairs, latent.codes], dtype: 'float32' },
    },
    ...policyReads(options),
    build({ inputs, state, constants }) {
      const weight = lookupIn(state, constants);
      const states = policyHiddenStates(options, weight, inputs);
      const membership = responseMembership(inputs, shape);
      const z = latentOfMixture(weight, inputs.mixture as Tensor);
      const logps = replyLogProbabilities(options, weight, states, z, inputs, membership);
      const reference = inputs.reference as Tensor;
      const { margin } = scorePairs(config, { logps, reference, lengths: membership.lengths });
      return { outputs: { margin } };
    },
  };
}
