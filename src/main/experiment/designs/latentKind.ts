import { testSplit } from '../testSplit.ts';
import type { Design } from '../types.ts';
import { cellsOf, PLAIN } from './cellsOf.ts';
import { withBackboneSteps, withProcessorTime } from './fairBudgets.ts';

const COMPARED = { base: 'no latent', lpc: 'discrete codes' };

export const latentKind: Design = {
  name: 'latent-kind',
  title: 'Discrete codes against a Gaussian latent',
  question:
    'Does it matter that the latent is a mixture of discrete codes? The Gaussian latent has the same width, prior, ' +
    'posterior and KL weight. Both are held against the objective without a latent, with as many steps of the backbone, as many in all, ' +
    'and as much processor time.',
  paper: {
    says: 'No figure of a Gaussian latent is known to us.',
    differs:
      'There models of 7 to 8 billion parameters train whole on tens of thousands of pairs. Which of the two is better fitted ' +
      'within the steps given may decide more than the kind.',
  },
  takesPairs: true,
  baseOf: () => 'no latent',
  cells(input) {
    const data = () => testSplit(input.pairs);
    const methods = [
      { name: 'no latent', defining: PLAIN },
      { name: 'discrete codes', defining: { latent: { kind: 'codebook' as const } } },
      { name: 'Gaussian', defining: { latent: { kind: 'gaussian' as const } } },
    ];
    return withBackboneSteps(
      cellsOf(input, 'kind of latent', methods, () => data),
      () => COMPARED,
    );
  },
  followUp: (results) => withProcessorTime(results, () => COMPARED),
};
