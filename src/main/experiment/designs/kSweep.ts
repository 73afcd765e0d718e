import { testSplit } from '../testSplit.ts';
import type { Design } from '../types.ts';
import { cellsOf, PLAIN } from './cellsOf.ts';

export const CODE_COUNTS = [8, 16, 32, 64, 128, 256] as const;

export const kSweep: Design = {
  name: 'k-sweep',
  title: 'How many codes',
  question:
    'How does the accuracy of LPC-DPO depend on the number of codes K? The paper reports an inverted U with its best at ' +
    '32–64. Code perplexity says how many codes were in use; recovery what the strongest code tells of a prompt’s label.',
  takesPairs: true,
  baseOf: () => 'DPO',
  cells(input) {
    const data = () => testSplit(input.pairs);
    const swept = CODE_COUNTS.map((codes) => ({
      name: `K = ${codes}`,
      defining: { objective: 'dpo' as const, latent: { codes } },
    }));
    return cellsOf(
      input,
      'LPC-DPO by K',
      [{ name: 'DPO', defining: { objective: 'dpo', ...PLAIN } }, ...swept],
      () => data,
    );
  },
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
