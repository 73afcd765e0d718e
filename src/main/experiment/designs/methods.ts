import { testSplit } from '../testSplit.ts';
import type { Design, SettingChanges } from '../types.ts';
import { cellsOf, LPC, type Method, PLAIN } from './cellsOf.ts';

const OBJECTIVES: readonly (readonly [string, SettingChanges, SettingChanges])[] = [
  ['DPO', { objective: 'dpo' }, {}],
  ['IPO', { objective: 'ipo' }, {}],
  // SimPO's β scales a mean over tokens: at DPO's 0.1 it would hardly train.
  ['SimPO', { objective: 'simpo' }, { beta: 2 }],
];

const METHODS: readonly Method[] = OBJECTIVES.flatMap(([name, objective, suggested]) => [
  { name, defining: { ...objective, ...PLAIN }, suggested },
  { name: `LPC-${name}`, defining: { ...objective, ...LPC }, suggested },
]);

/** Each objective is a group of its own, so that LPC is held against the objective it extends. */
const groupOf = (method: string): string => method.replace('LPC-', '');

export const methods: Design = {
  name: 'methods',
  title: 'Three objectives, each with and without latent codes',
  question:
    'Does LPC raise the accuracy of DPO, IPO and SimPO on held-out pairs? Each LPC row is held against the same ' +
    'objective without codes, pair by pair and seed by seed. Methods share the number of steps; with “heads first” the ' +
    'backbone of an LPC run trains for fewer of them.',
  takesPairs: true,
  baseOf: (group) => group,
  cells(input) {
    const data = () => testSplit(input.pairs);
    return METHODS.flatMap((method) => cellsOf(input, groupOf(method.name), [method], () => data));
  },
};
