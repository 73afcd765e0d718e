/** Settings by name, for the run form, the command line and the experiments. */
import { OBJECTIVE_FACTS, type Objective } from './methods.ts';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from './runConfig.ts';

/** Whose margin is β times a difference of whole log-ratios, as DPO's is. */
const scalesLogRatios = (objective: Objective): boolean =>
  OBJECTIVE_FACTS[objective].readsReference && OBJECTIVE_FACTS[objective].scales === 'sum';

/**
 * DPO's β where a warm start finds the codes. z has to be as long as 1/β asks for, and what it earns is linear only while it
 * is short: at 0.1 replies are told apart by how far z bends their distributions, not by what is preferred.
 */
const WARM_START_BETA = 1;

/** β that an objective begins with. */
export const firstBeta = (objective: Objective, warmStart: boolean): number =>
  warmStart && scalesLogRatios(objective) ? WARM_START_BETA : OBJECTIVE_FACTS[objective].usualBeta;

/**
 * LPC that works on a model of any width (ours). Prior and codes are read and written in whitened directions, so that
 * rates and lengths carry over; a warm start finds codes and prior from features of the replies before the first step; a few
 * steps over a resting backbone fit their lengths with the true loss; then adapters join. docs/lpc.md says what each part
 * does, docs/results.md what was tried.
 */
export const ROBUST_RUN: RunConfig = {
  ...DEFAULT_RUN,
  beta: WARM_START_BETA,
  steps: 320,
  headsFirst: 0.375,
  headsLearningRate: 2e-3,
  codebookLearningRate: 5e-3,
  evaluateEvery: 40,
  latent: {
    ...DEFAULT_LATENT,
    codes: 16,
    pooling: 'mean',
    batchEntropyBonus: 0,
    priorShare: 'prior-only',
    promptDirections: 64,
    codeDirections: 64,
    priorNetwork: 'linear',
    posterior: 'none',
    gumbelNoise: false,
    warmStart: true,
  },
};

/** Whether codes find anything, within a minute or two on a small model: what the robust setting does before adapters join. */
export const QUICK_RUN: RunConfig = { ...ROBUST_RUN, trainable: 'heads', steps: 60, evaluateEvery: 20 };

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

export const PRESET_RUNS = { robust: ROBUST_RUN, paper: PAPER_RUN, quick: QUICK_RUN } as const;
export type PresetName = keyof typeof PRESET_RUNS;
export const PRESET_NAMES = Object.keys(PRESET_RUNS) as PresetName[];
export const STARTING_PRESET_NAME: PresetName = 'robust';

/** Steps of a preset where only this is trained: heads alone take as many as they have before the backbone joins. */
export const presetSteps = (
  { headsFirst, steps, trainable }: RunConfig,
  asked: RunConfig['trainable'],
): number =>
  asked === 'heads' && trainable !== 'heads' && headsFirst > 0 ? Math.round(headsFirst * steps) : steps;
