/** Hidden states, kept so that what is asked of them again costs no backbone pass: of a backbone at rest, or as it was trained. */
import type { Program, Tensor } from '#compute/program.ts';
import { weightSpecs } from '../backbone/weightNames.ts';
import { lookupIn } from '../method/heads.ts';
import { type ProgramOptions, policyHiddenStates, policyReads } from './policy.ts';
import { rowInputs } from './rowInputs.ts';

/**
 * Input: the row. Outputs `states.prompt`, `states.chosen`, `states.rejected` (P, d) and `states.responses` (R, d), or under
 * injection `layers` in its place `states.below` (T, d).
 */
export function hiddenStatesProgram(options: Omit<ProgramOptions, 'hiddenStatesFrom'>): Program {
  const { shape, stage } = options;
  const names = Object.keys(weightSpecs(options.backbone));
  const atRest =
    options.weightsIn === 'state' ? { state: names, constants: [] } : { state: [], constants: names };
  const { state: read, constants: frozen } = stage === 'heads' ? atRest : policyReads(options);
  return {
    name: `states-${stage}-${shape.tokens}x${shape.responses}x${shape.pairs}`,
    inputs: rowInputs(shape),
    state: read,
    constants: frozen,
    build({ inputs, state, constants }) {
      const states = policyHiddenStates(options, lookupIn(state, constants), inputs);
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
