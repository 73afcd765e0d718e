import type { CellResult, Design } from '../types.ts';
import { cellsOf, LPC, type Method, PLAIN } from './cellsOf.ts';
import { withBackboneSteps, withProcessorTime } from './fairBudgets.ts';
import { cuedFlips, FLIP_CUE, unmarkedFlips } from './flippedPairs.ts';

const CUED_GROUP = 'cued: half flipped, marked';
export const FLIP_RATES = [0, 0.1, 0.2, 0.3, 0.4] as const;
const unmarkedGroup = (rate: number): string => `unmarked: ${Math.round(100 * rate)} % flipped`;

const PAIR_OF_METHODS: readonly Method[] = [
  { name: 'DPO', defining: { objective: 'dpo', ...PLAIN } },
  { name: 'LPC-DPO', defining: { objective: 'dpo', ...LPC } },
];

const COMPARED = { base: 'DPO', lpc: 'LPC-DPO' };

const rateOf = ({ cell }: CellResult): number | null =>
  FLIP_RATES.find((rate) => cell.group === unmarkedGroup(rate)) ?? null;

export const flips: Design = {
  name: 'flips',
  title: 'Flipped labels, marked and unmarked',
  question:
    `Two different claims, kept apart. Cued (the paper’s): half of the pairs are flipped and ${FLIP_CUE} is added to their ` +
    'prompts; a policy that reads the cue can be right on both kinds, one that doesn’t gets half. Every test pair comes in ' +
    'both forms. Unmarked: a share of the training labels is wrong without a trace, and the test labels are clean.',
  paper: {
    says: `With half of the pairs flipped and marked by ${FLIP_CUE}, codes follow the mark.`,
    differs:
      'There models of 7 to 8 billion parameters train whole on tens of thousands of pairs. A backbone that trains can read ' +
      'the mark by itself, and a small model may not read it at all.',
  },
  takesPairs: true,
  baseOf: () => 'DPO',
  cells(input) {
    const cued = cellsOf(input, CUED_GROUP, PAIR_OF_METHODS, (seed) => () => cuedFlips(input.pairs, seed));
    const unmarked = FLIP_RATES.flatMap((rate) =>
      cellsOf(
        input,
        unmarkedGroup(rate),
        PAIR_OF_METHODS,
        (seed) => () => unmarkedFlips(input.pairs, rate, seed),
      ),
    );
    return withBackboneSteps([...cued, ...unmarked], () => COMPARED);
  },
  followUp: (results) => withProcessorTime(results, () => COMPARED),
  curves: [
    {
      title: 'Accuracy on clean labels over the share of unmarked flips',
      xLabel: 'training labels flipped, %',
      point(result) {
        const rate = rateOf(result);
        return rate === null ? null : { line: result.cell.method, x: Math.round(100 * rate) };
      },
    },
  ],
};
