/** Hidden states, kept so that what is asked of them again costs no backbone pass: of a backbone at rest, or as it was trained. */
import type { Program, Tensor } from '#compute/program.ts';
import { POOLINGS, type Pooling } from '#core/runConfig.ts';
import { weightSpecs } from '../backbone/weightNames.ts';
import { lookupIn } from '../method/heads.ts';
import { type ProgramOptions, policyReads, pooledHiddenStates } from './policy.ts';
import { rowInputs } from './rowInputs.ts';

/** h_x, pooled so. */
export const pooledState = (pooling: Pooling): string => `states.prompt.${pooling}`;

/**
 * Input: the row. Outputs `states.prompt.last`, `states.prompt.mean`, `states.chosen`, `states.rejected` (P, d) and `states.responses` (R, d), or under
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
      const states = pooledHiddenStates(options, lookupIn(state, constants), inputs);
      return {
        outputs: {
          ...(states.below
            ? { 'states.below': states.below }
            : { 'states.responses': states.responses as Tensor }),
          ...Object.fromEntries(POOLINGS.map((way) => [pooledState(way), states.prompts[way]])),
          'states.chosen': states.chosen,
          'states.rejected': states.rejected,
        },
      };
    },
  };
}
