/** log π_ref of every reply: the base model alone, never conditioned on z. */
import type { Program } from '#compute/program.ts';
import { tailWeightOf } from '#core/methods.ts';
import { lmHeadName, weightSpecs } from '../backbone/weightNames.ts';
import { lookupIn } from '../method/heads.ts';
import { type ProgramOptions, policyHiddenStates, replyLogProbabilities, rowInputsOf } from './policy.ts';
import { responseMembership } from './rowInputs.ts';

/**
 * Input: the row. Output: `logps` (P, 2). Under full fine-tuning it reads the weights from the state, so it must run
 * before the first update. With states fed, the LM head is all it reads.
 */
export function referenceProgram(options: Omit<ProgramOptions, 'stage'>): Program {
  const { shape } = options;
  const base: ProgramOptions = { ...options, stage: 'heads', config: { ...options.config, latent: null } };
  const isFed = options.hiddenStatesFrom === 'inputs';
  const names = isFed ? [lmHeadName(options.backbone)] : Object.keys(weightSpecs(options.backbone));
  return {
    name: `reference${isFed ? '-cached' : ''}-${shape.tokens}x${shape.responses}x${shape.pairs}`,
    inputs: rowInputsOf(base),
    state: options.weightsIn === 'state' ? names : [],
    constants: options.weightsIn === 'state' ? [] : names,
    build({ inputs, state, constants }) {
      const weight = lookupIn(state, constants);
      const membership = responseMembership(inputs, shape, tailWeightOf(options.config));
      const states = policyHiddenStates(base, weight, inputs);
      return { outputs: { logps: replyLogProbabilities(base, weight, states, null, inputs, membership) } };
    },
  };
}
