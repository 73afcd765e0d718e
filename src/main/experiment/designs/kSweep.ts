import { testSplit } from '../testSplit.ts';
import type { Design } from '../types.ts';
import { cellsOf, PLAIN } from './cellsOf.ts';
import { withBackboneSteps, withProcessorTime } from './fairBudgets.ts';

export const CODE_COUNTS = [8, 16, 32, 64, 128, 256] as const;

/** Budgets are those of the paper's K. */
const COMPARED = { base: 'DPO', lpc: 'K = 32' };

export const kSweep: Design = {
  name: 'k-sweep',
  title: 'How many codes',
  question:
    'How does the accuracy of LPC-DPO depend on the number of codes K? The paper reports an inverted U with its best at ' +
    '32–64. Code perplexity says how many codes were in use; recovery what the strongest code tells of a prompt’s label. DPO stands beside them three times: with as many steps of the backbone as K = 32, ' +
    'as many in all, and as much processor time.',
  paper: {
    says: 'Accuracy over 8 to 256 codes is an inverted U, best at 32 to 64.',
    differs:
      'There models of 7 to 8 billion parameters train whole on tens of thousands of pairs. Few tastes need few codes, and ' +
      'a difference of half a point is below what these test sets can show.',
  },
  takesPairs: true,
  baseOf: () => 'DPO',
  cells(input) {
    const data = () => testSplit(input.pairs);
    const swept = CODE_COUNTS.map((codes) => ({
      name: `K = ${codes}`,
      defining: { objective: 'dpo' as const, latent: { codes } },
    }));
    const methods = [{ name: 'DPO', defining: { objective: 'dpo' as const, ...PLAIN } }, ...swept];
    return withBackboneSteps(
      cellsOf(input, 'LPC-DPO by K', methods, () => data),
      () => COMPARED,
    );
  },
  followUp: (results) => withProcessorTime(results, () => COMPARED),
  curves: [
    {
      title: 'Accuracy over the number of codes',
      xLabel: 'codes K',
      logarithmic: true,
      point: ({ cell }) =>
        cell.config.latent === null ? null : { line: 'LPC-DPO', x: cell.config.latent.codes },
    },
  ],
};
