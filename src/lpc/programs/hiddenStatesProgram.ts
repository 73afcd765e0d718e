/** Hidden states of a backbone at rest, to be cached so that epochs over heads cost no backbone pass. */
import type { Program, Tensor } from '#compute/program.ts';
import { weightSpecs } from '../backbone/weightNames.ts';
import { lookupIn } from '../method/heads.ts';
import { type ProgramOptions, policyHiddenStates } from './policy.ts';
import { rowInputs } from './rowInputs.ts';

/**
 * Input: the row. Outputs `states.prompt`, `states.chosen`, `states.rejected` (P, d) and `states.responses` (R, d), or under
 * injection `layers` in its place `states.below` (T, d).
 */
export function hiddenStatesProgram(options: Omit<ProgramOptions, 'stage' | 'hiddenStatesFrom'>): Program {
  const { shape } = options;
  const names = Object.keys(weightSpecs(options.backbone));
  return {
    name: `states-${shape.tokens}x${shape.responses}x${shape.pairs}`,
    inputs: rowInputs(shape),
    state: options.weightsIn === 'state' ? names : [],
    constants: options.weightsIn === 'state' ? [] : names,
    build({ inputs, state, constants }) {
      const states = policyHiddenStates({ ...options, stage: 'heads' }, lookupIn(state, constants), inputs);
      return {
        outputs: {
          ...(states.below
            ? { 'states.below': states.below }
            : { 'states.responses': states.responses as Tensor }),
          'states.prompt': states.prompt,
          'states.chosen': states.chosen,
          'states.rejected': states.rejected,
        },
      };
    },
  };
}
