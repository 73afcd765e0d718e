/** What a training run is asked to do. Every [R] choice of the method is a field here, with its default below. */

export const OBJECTIVES = ['dpo', 'ipo', 'simpo'] as const;
export type Objective = (typeof OBJECTIVES)[number];
export const TRAINABLE = ['heads', 'lora', 'full'] as const;
export type Trainable = (typeof TRAINABLE)[number];
export const ENGINES = ['auto', 'onnx-cpu', 'onnx-webgpu', 'tfjs-node-gpu', 'tfjs-wasm', 'tfjs-cpu'] as const;
export type EngineChoice = (typeof ENGINES)[number];
export type EngineName = Exclude<EngineChoice, 'auto'>;
export const POOLINGS = ['last', 'mean'] as const;
export type Pooling = (typeof POOLINGS)[number];
export const LR_SCHEDULES = ['constant', 'linear', 'cosine'] as const;
export type LearningRateSchedule = (typeof LR_SCHEDULES)[number];

export interface LatentConfig {
  /** Codes in the codebook, K. */
  readonly codes: number;
  /** Weight λ of KL(q‖p). */
  readonly klWeight: number;
  /** Gumbel-softmax temperature τ. */
  readonly temperature: number;
  /** How h_x is read from the prompt's hidden states. */
  readonly pooling: Pooling;
  /** Standard deviation of the codebook's initial values. */
  readonly codebookInitStd: number;
  /** Weight of the batch-entropy bonus H(mean p) − mean H(p); 0 is off. */
  readonly batchEntropyBonus: number;
  /** g, the prior's share of the mixture: rises 0 → 1 over training, or stays fixed. */
  readonly priorShare: 'rise' | 'prior-only' | 'posterior-only';
}

export interface RunConfig {
  readonly objective: Objective;
  readonly beta: number;
  /** cDPO ε. */
  readonly labelSmoothing: number;
  /** SimPO γ/β. */
  readonly gammaBetaRatio: number;
  readonly ipoAverage: 'mean' | 'sum';
  /** null trains the plain objective. */
  readonly latent: LatentConfig | null;
  readonly trainable: Trainable;
  /** Share of the steps that train heads and codebook alone before the backbone joins (lora and full). */
  readonly headsFirst: number;
  readonly loraRank: number;
  readonly loraAlpha: number;
  readonly steps: number;
  readonly learningRate: number;
  /** Rate of prior, posterior and codebook. */
  readonly headsLearningRate: number;
  readonly warmupSteps: number;
  readonly schedule: LearningRateSchedule;
  readonly weightDecay: number;
  /** Global gradient norm above which gradients are scaled down; 0 is off. */
  readonly clipNorm: number;
  /** Packed tokens in one step (one row). */
  readonly tokenBudget: number;
  /** Longest prompt kept, tokens; the oldest tokens are cut. */
  readonly maxPromptTokens: number;
  /** Longest reply kept, tokens, the end-of-turn token included. */
  readonly maxReplyTokens: number;
  /** Steps between evaluations on held-out pairs; 0 evaluates at the end only. */
  readonly evaluateEvery: number;
  /** Share of prompts (never pairs) that is held out. */
  readonly heldOutShare: number;
  readonly seed: number;
  readonly engine: EngineChoice;
}

export const DEFAULT_LATENT: LatentConfig = {
  codes: 32,
  klWeight: 0.05,
  temperature: 1,
  pooling: 'mean',
  // Heads learn through differences between codes: at 0.02 they hardly move in a few hundred steps.
  codebookInitStd: 0.3,
  // Without it one constant code, which is right for most pairs, can take all prompts before the prior is sure.
  batchEntropyBonus: 0.2,
  priorShare: 'rise',
};

export const DEFAULT_RUN: RunConfig = {
  objective: 'dpo',
  beta: 0.1,
  labelSmoothing: 0,
  gammaBetaRatio: 0.5,
  ipoAverage: 'mean',
  latent: DEFAULT_LATENT,
  trainable: 'lora',
  headsFirst: 0.5,
  loraRank: 8,
  loraAlpha: 16,
  steps: 400,
  learningRate: 5e-4,
  headsLearningRate: 5e-3,
  warmupSteps: 20,
  schedule: 'cosine',
  weightDecay: 0,
  clipNorm: 1,
  tokenBudget: 1024,
  maxPromptTokens: 256,
  maxReplyTokens: 256,
  evaluateEvery: 100,
  heldOutShare: 0.15,
  seed: 1,
  engine: 'auto',
};
