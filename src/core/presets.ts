/** Settings by name, for the run form, the command line and the experiments. */
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from './runConfig.ts';

/**
 * For codes that must tell reasons apart even where one constant taste would do. Codes start far apart and move more
 * slowly than the heads, so that each prompt picks the code that suits it before all codes have learnt the same; the
 * prior alone makes z, so that it can't lean on a posterior that sees the label; the entropy bonus keeps the choice from
 * falling onto one code. docs/results.md says what each part does.
 */
export const ROBUST_RUN: RunConfig = {
  ...DEFAULT_RUN,
  steps: 2000,
  headsFirst: 0.875,
  headsLearningRate: 5e-3,
  codebookLearningRate: 2e-3,
  latent: {
    ...DEFAULT_LATENT,
    codes: 16,
    pooling: 'mean',
    codebookInitStd: 2,
    batchEntropyBonus: 0.2,
    priorShare: 'prior-only',
  },
};

/** The paper's values, and the reconstruction's where it is silent; everything trains from the first step. */
export const PAPER_RUN: RunConfig = {
  ...DEFAULT_RUN,
  trainable: 'full',
  headsFirst: 0,
  learningRate: 1e-4,
  headsLearningRate: 1e-3,
  latent: {
    ...DEFAULT_LATENT,
    codes: 32,
    klWeight: 0.05,
    temperature: 1,
    pooling: 'last',
    codebookInitStd: 0.02,
    batchEntropyBonus: 0,
    priorShare: 'rise',
  },
};
