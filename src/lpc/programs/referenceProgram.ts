/** log π_ref of every reply: the base model alone, never conditioned on z. */
import type { Program } from '#compute/program.ts';
import { weightSpecs } from '../backbone/weightNames.ts';
import { lookupIn } from '../method/heads.ts';
import { type ProgramOptions, policyStates, replyLogProbabilities } from './policy.ts';
import { responseMembership, rowInputs } from './rowInputs.ts';

/**
 * Input: the row. Output: `logps` (P, 2). Under full fine-tuning it reads the weights from the state, so it must run
 * before the first update.
 */
export function referenceProgram(options: Omit<ProgramOptions, 'stage'>): Program {
  const { shape } = options;
  const base: ProgramOptions = { ...options, stage: 'heads', config: { ...options.config, latent: null } };
  const names = Object.keys(weightSpecs(options.backbone));
  return {
    name: `reference-${shape.tokens}x${shape.responses}x${shape.pairs}`,
    inputs: rowInputs(shape),
    state: options.weightsIn === 'state' ? names : [],
    constants: options.weightsIn === 'state' ? [] : names,
    build({ inputs, state, constants }) {
      const weight = lookupIn(state, constants);
      const membership = responseMembership(inputs, shape);
      const states = policyStates(base, weight, inputs);
      return { outputs: { logps: replyLogProbabilities(base, weight, states, null, inputs, membership) } };
    },
  };
}
