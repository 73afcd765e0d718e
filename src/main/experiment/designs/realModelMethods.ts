/** What is trained on a real model: heads over a resting backbone, and adapters with a smaller budget. */
import type { Objective } from '#core/methods.ts';
import { OBJECTIVE_FACTS } from '#core/methods.ts';
import { PAPER_RUN, presetSteps, ROBUST_RUN } from '#core/presets.ts';
import { DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import type { SettingChanges } from '../types.ts';
import { type Method, PLAIN } from './cellsOf.ts';
import { budgetName } from './fairBudgets.ts';

/** Backbone passes are what a real model costs: long pairs are cut. */
export const CUTS: SettingChanges = { maxPromptTokens: 128, maxReplyTokens: 128 };

const rates = ({
  beta,
  headsLearningRate,
  codebookLearningRate,
  lengthLearningRate,
}: RunConfig): SettingChanges => ({
  beta,
  headsLearningRate,
  codebookLearningRate,
  lengthLearningRate,
});

const HEADS_STEPS = presetSteps(ROBUST_RUN, 'heads');
const heads = (name: string, latent: SettingChanges['latent'], from: RunConfig): Method => ({
  name,
  defining: { ...CUTS, ...rates(from), trainable: 'heads', latent: latent ?? {} },
  suggested: { steps: HEADS_STEPS },
});

/** At the defaults' rate for heads a bias or an MLP of this width saturates within a few steps; β is ours, for a fair comparison. */
const CONTROL: RunConfig = {
  ...DEFAULT_RUN,
  headsLearningRate: PAPER_RUN.headsLearningRate,
  beta: ROBUST_RUN.beta,
};

export const OURS = 'LPC, ours';
const PAPER = 'LPC, paper';
export const BIAS = heads('DPO, one bias for all', { kind: 'bias' }, CONTROL);
export const MLP = heads('MLP, no codebook', { kind: 'mlp', promptDirections: 64 }, CONTROL);
export const OURS_OVER_FROZEN = heads(OURS, ROBUST_RUN.latent, ROBUST_RUN);
export const OVER_FROZEN: readonly Method[] = [
  BIAS,
  MLP,
  heads(PAPER, PAPER_RUN.latent, PAPER_RUN),
  OURS_OVER_FROZEN,
  heads('Gaussian latent', { kind: 'gaussian', codebookInitStd: 0.02, batchEntropyBonus: 0 }, CONTROL),
];

const inPreset = ({ latent }: RunConfig): number => latent?.codes ?? 0;
/** Both presets with other numbers of codes, each beside its own. */
const withCodes = (name: string, from: RunConfig, counts: readonly number[]): Method[] =>
  counts.map((codes) => heads(`${name}, K = ${codes}`, { ...from.latent, codes }, from));
export const BY_CODES: readonly Method[] = [
  BIAS,
  ...withCodes(PAPER, PAPER_RUN, [8, 16, inPreset(PAPER_RUN), 64, 128, 256]),
  ...withCodes(OURS, ROBUST_RUN, [2, 4, 8, inPreset(ROBUST_RUN), 64]),
];

/** A bias and ours under another objective, each with that objective's own β. */
export const underObjective = (objective: Objective): Method[] =>
  [BIAS, OURS_OVER_FROZEN].map(({ name, defining, suggested }) => ({
    name,
    defining: { ...defining, objective, beta: OBJECTIVE_FACTS[objective].usualBeta },
    ...(suggested && { suggested }),
  }));

/** Rows of two or three pairs: a step through the whole backbone and back is what costs. */
const LORA: SettingChanges = { ...CUTS, tokenBudget: 256 };
const LORA_STEPS = ROBUST_RUN.steps - HEADS_STEPS;
const lora = (name: string, changes: SettingChanges, steps: number): Method => ({
  name,
  defining: { ...LORA, trainable: 'lora', ...changes },
  suggested: { steps },
});
const STAGED: SettingChanges = {
  ...rates(ROBUST_RUN),
  latent: ROBUST_RUN.latent,
  headsFirst: ROBUST_RUN.headsFirst,
};
export const WITH_LORA: readonly Method[] = [
  lora('DPO', PLAIN, ROBUST_RUN.steps),
  lora(budgetName('DPO', 'backbone steps'), PLAIN, LORA_STEPS),
  lora(PAPER, { ...rates(PAPER_RUN), latent: PAPER_RUN.latent, headsFirst: 0 }, ROBUST_RUN.steps),
  lora(`${OURS}, heads alone`, { ...STAGED, trainable: 'heads' }, HEADS_STEPS),
  lora(OURS, STAGED, ROBUST_RUN.steps),
];
