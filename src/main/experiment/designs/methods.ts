import { OBJECTIVE_FACTS, PAPER_OBJECTIVES } from '#core/methods.ts';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { testSplit } from '../testSplit.ts';
import type { Design, SettingChanges } from '../types.ts';
import { cellsOf, LPC, type Method, PLAIN } from './cellsOf.ts';
import { withBackboneSteps, withProcessorTime } from './fairBudgets.ts';

const METHODS: readonly Method[] = PAPER_OBJECTIVES.flatMap((objective) => {
  const { name, usualBeta } = OBJECTIVE_FACTS[objective];
  // At DPO's β, an objective that scales a mean over tokens would hardly train.
  const suggested: SettingChanges = usualBeta === DEFAULT_RUN.beta ? {} : { beta: usualBeta };
  return [
    { name, defining: { objective, ...PLAIN }, suggested },
    { name: `LPC-${name}`, defining: { objective, ...LPC }, suggested },
  ];
});

/** Each objective is a group of its own, so that LPC is held against the objective it extends. */
const groupOf = (method: string): string => method.replace('LPC-', '');

const comparedIn = (group: string) => ({ base: group, lpc: `LPC-${group}` });

export const methods: Design = {
  name: 'methods',
  title: 'Every objective, with and without latent codes',
  question:
    'Does LPC raise the accuracy of each objective on held-out pairs? Each LPC row is held against the same ' +
    'objective without codes, pair by pair and seed by seed. With “heads first” the backbone of an LPC run ' +
    'trains for a part of its steps, so plain training stands beside it three times: with as many steps of the backbone, ' +
    'as many in all, and as much processor time.',
  paper: {
    says: 'LPC is ahead of its base in preference accuracy in 8 of 9 settings, by 0.1 to 1.2 points.',
    differs:
      'There models of 7 to 8 billion parameters train whole on tens of thousands of pairs. Here a model is small, the pairs are few, ' +
      'and a rule that adapters learn within a few steps leaves codes nothing to earn.',
  },
  takesPairs: true,
  baseOf: (group) => group,
  cells(input) {
    const data = () => testSplit(input.pairs);
    return withBackboneSteps(
      METHODS.flatMap((method) => cellsOf(input, groupOf(method.name), [method], () => data)),
      comparedIn,
    );
  },
  followUp: (results) => withProcessorTime(results, comparedIn),
};
