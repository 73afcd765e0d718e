/**
 * Settings that runs could not choose at first, with what runs did then. Checkpoints are completed by them as they are
 * read, projects by a migration: an entry never changes, whatever the defaults become. A new setting is a new entry at the
 * end, and a migration that writes it.
 */
import type { LatentConfig, RunConfig } from './runConfig.ts';

const TRAINING_LOOP = {
  run: {
    loraTargets: ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'],
    loraDropout: 0,
    epochs: null,
    accumulation: 1,
    earlyStoppingPatience: 0,
    recompute: false,
    codebookLearningRate: null,
  },
  latent: {
    kind: 'codebook',
    injection: 'head',
    injectionLayers: 2,
    inference: 'expectation',
    klWarmupSteps: 0,
    freeBits: 0,
    reseedDeadEvery: 0,
  },
} as const satisfies LaterSettings;

const WARM_START = {
  run: { lengthLearningRate: 0.05 },
  latent: {
    promptDirections: 0,
    codeDirections: 0,
    priorNetwork: 'two-layer',
    posterior: 'network',
    gumbelNoise: true,
    warmStart: false,
    warmStartRestarts: 3,
    codeRidge: 12,
    priorRidge: 4,
    codeCost: 0.03,
  },
} as const satisfies LaterSettings;

const OBJECTIVES = {
  run: { nllWeight: null, ldAlpha: 0.5 },
  latent: {},
} as const satisfies LaterSettings;

const SINGLE_LABELS = {
  run: { desirableWeight: 1, undesirableWeight: 1, batchPairs: null },
  latent: {},
} as const satisfies LaterSettings;

const FROZEN_WEIGHTS = {
  run: { weights: 'as-stored' },
  latent: {},
} as const satisfies LaterSettings;

const TEMPLATE_AND_REFERENCE = {
  run: { chatTemplate: null, referenceModel: null },
  latent: {},
} as const satisfies LaterSettings;

/** Runs before this kept the evaluation of the highest accuracy. */
const BEST_BY = {
  run: { bestBy: 'accuracy' },
  latent: {},
} as const satisfies LaterSettings;

const STARTS = {
  run: { startFrom: null },
  latent: {},
} as const satisfies LaterSettings;

export interface LaterSettings {
  readonly run: Partial<RunConfig>;
  readonly latent: Partial<LatentConfig>;
}

/** In the order in which they came. */
export const LATER_SETTINGS = {
  trainingLoop: TRAINING_LOOP,
  warmStart: WARM_START,
  objectives: OBJECTIVES,
  singleLabels: SINGLE_LABELS,
  frozenWeights: FROZEN_WEIGHTS,
  templateAndReference: TEMPLATE_AND_REFERENCE,
  bestBy: BEST_BY,
  starts: STARTS,
} as const;

type Later<Part extends 'run' | 'latent'> =
  | keyof (typeof TRAINING_LOOP)[Part]
  | keyof (typeof WARM_START)[Part]
  | keyof (typeof OBJECTIVES)[Part]
  | keyof (typeof SINGLE_LABELS)[Part]
  | keyof (typeof FROZEN_WEIGHTS)[Part]
  | keyof (typeof TEMPLATE_AND_REFERENCE)[Part]
  | keyof (typeof BEST_BY)[Part]
  | keyof (typeof STARTS)[Part];
type LaterOf<All, Names extends keyof All> = Omit<All, Names> & Partial<All>;
type EarlyLatent = LaterOf<LatentConfig, Later<'latent'> | 'finalTemperature'>;
/** Settings as the first runs stored them, and any that came later. */
type EarlyRunConfig = LaterOf<Omit<RunConfig, 'latent'>, Later<'run'>> & {
  readonly latent: EarlyLatent | null;
};

/** A run's settings of any time, whole. `finalTemperature` came later too: τ stayed where it was. */
export function withLaterSettings({ latent, ...stored }: EarlyRunConfig): RunConfig {
  return {
    ...TRAINING_LOOP.run,
    ...WARM_START.run,
    ...OBJECTIVES.run,
    ...SINGLE_LABELS.run,
    ...FROZEN_WEIGHTS.run,
    ...TEMPLATE_AND_REFERENCE.run,
    ...BEST_BY.run,
    ...STARTS.run,
    ...stored,
    latent: latent && {
      ...TRAINING_LOOP.latent,
      ...WARM_START.latent,
      finalTemperature: latent.temperature,
      ...latent,
    },
  };
}
