import { PAPER_RUN } from '#core/presets.ts';
import { testSplit } from '../testSplit.ts';
import type { Design, SettingChanges } from '../types.ts';
import { cellsOf, type Method, PLAIN } from './cellsOf.ts';
import { withBackboneSteps, withProcessorTime } from './fairBudgets.ts';

/** The paper's latent, and all parts training at once; what trains, and how fast, stays that of the other rows. */
const PAPER: SettingChanges = { headsFirst: PAPER_RUN.headsFirst, latent: PAPER_RUN.latent };

const BASE = 'no latent';

const CONTROLS: readonly Method[] = [
  { name: BASE, defining: PLAIN },
  { name: 'free bias', defining: { latent: { kind: 'bias' } } },
  { name: 'MLP, no codebook', defining: { latent: { kind: 'mlp' } } },
  { name: 'LPC, prior only (g = 1)', defining: { latent: { kind: 'codebook', priorShare: 'prior-only' } } },
  {
    name: 'LPC, posterior only (g = 0)',
    defining: { latent: { kind: 'codebook', priorShare: 'posterior-only' } },
  },
  { name: 'LPC', defining: { latent: { kind: 'codebook', priorShare: 'rise' } } },
  { name: 'LPC, paper’s latent', defining: PAPER },
];

const COMPARED = { base: BASE, lpc: 'LPC' };

export const controls: Design = {
  name: 'controls',
  title: 'What of LPC does the work',
  question:
    'LPC adds a latent, a codebook, a posterior that sees the label, and its KL. Each control leaves some of it out: a ' +
    'free bias is one vector for all prompts, the MLP computes z from the prompt without codes, “prior only” never reads ' +
    'the posterior, “posterior only” never the prior. Where a control does as well as LPC, what it leaves out did not ' +
    'earn the gain. Training without a latent stands beside them three times: with as many steps of the backbone as LPC, as many in all, ' +
    'and as much processor time.',
  takesPairs: true,
  baseOf: () => BASE,
  cells(input) {
    const data = () => testSplit(input.pairs);
    return withBackboneSteps(
      cellsOf(input, 'controls', CONTROLS, () => data),
      () => COMPARED,
    );
  },
  followUp: (results) => withProcessorTime(results, () => COMPARED),
};
