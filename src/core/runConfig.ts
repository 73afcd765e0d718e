/** What a training run is asked to do. Every [R] choice of the method is a field here, with its default below. */

import type { BestBy } from './bestCheckpoint.ts';
import type { LatentKind, Objective } from './methods.ts';

export const TRAINABLE = ['heads', 'lora', 'full'] as const;
export type Trainable = (typeof TRAINABLE)[number];
export const ENGINES = [
  'auto',
  'onnx-cpu',
  'onnx-webgpu',
  'onnx-cuda',
  'onnx-dml',
  'onnx-coreml',
  'tfjs-node-gpu',
  'tfjs-wasm',
  'tfjs-cpu',
] as const;
export type EngineChoice = (typeof ENGINES)[number];
export type EngineName = Exclude<EngineChoice, 'auto'>;
export const ENGINE_NAMES = ENGINES.filter((engine): engine is EngineName => engine !== 'auto');
/** `4bit` and `8bit` round each block of 32 weights to a scale and so many bits. */
export const WEIGHTS = ['as-stored', '8bit', '4bit'] as const;
export type WeightsChoice = (typeof WEIGHTS)[number];

export const POOLINGS = ['last', 'mean'] as const;
export type Pooling = (typeof POOLINGS)[number];
export const INJECTIONS = ['head', 'layers'] as const;
type Injection = (typeof INJECTIONS)[number];
export const PRIOR_NETWORKS = ['two-layer', 'linear'] as const;
type PriorNetwork = (typeof PRIOR_NETWORKS)[number];
export const POSTERIORS = ['network', 'none'] as const;
type PosteriorChoice = (typeof POSTERIORS)[number];
export const LATENT_INFERENCES = ['expectation', 'argmax', 'sample'] as const;
export type LatentInference = (typeof LATENT_INFERENCES)[number];
/** LoRA's linear layers, by the last part of their Hugging Face name. */
export const LORA_TARGETS = [
  'q_proj',
  'k_proj',
  'v_proj',
  'o_proj',
  'gate_proj',
  'up_proj',
  'down_proj',
] as const;
export type LoraTarget = (typeof LORA_TARGETS)[number];
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
  /**
   * What z is made of. `codebook` is the paper's; the others are controls: a Gaussian latent, MLP(h_x) → z without a
   * codebook, one free bias vector for all prompts.
   */
  readonly kind: LatentKind;
  /** `head` adds z before the LM head (paper); `layers` adds a learned map of z before each of the last blocks (ours). */
  readonly injection: Injection;
  /** Blocks that receive z under `layers`, counted from the last. */
  readonly injectionLayers: number;
  /** How z is read from the prior where no noise is drawn: evaluation, scores, generation. */
  readonly inference: LatentInference;
  /** Steps over which λ rises linearly from 0; 0 is off. */
  readonly klWarmupSteps: number;
  /** KL below this many nats a pair costs nothing; 0 is off. */
  readonly freeBits: number;
  /** τ at the last step; τ moves there geometrically. Equal to `temperature` keeps it constant. */
  readonly finalTemperature: number;
  /** Steps between re-seedings of dead codes from living ones; 0 is off. */
  readonly reseedDeadEvery: number;
  /**
   * Whitened directions of h_x that prior and posterior read, the leading ones over the training prompts (ours); 0 reads
   * h_x as it is (paper).
   */
  readonly promptDirections: number;
  /**
   * Directions that codes live in, the leading whitened ones of what tells the replies of a pair apart (ours); 0 leaves
   * codes the whole hidden size (paper). Not with z in the layers.
   */
  readonly codeDirections: number;
  /** `two-layer` is the paper's reconstruction; `linear` a softmax of a linear map (ours). */
  readonly priorNetwork: PriorNetwork;
  /** `network` is the paper's; with `none` the prior alone makes z, and there is no KL (ours). */
  readonly posterior: PosteriorChoice;
  /** Whether z of a training step is made from Gumbel-softmax draws (paper) or from p itself. */
  readonly gumbelNoise: boolean;
  /** Finds codes and prior before the first step, from features of the replies (ours). Needs `codeDirections` and `promptDirections`. */
  readonly warmStart: boolean;
  /** Fits of the warm start from different first draws; the best bound on the training pairs counts. */
  readonly warmStartRestarts: number;
  /** Ridge on the codes in the warm start, in pairs: its weight is this over the number of pairs. */
  readonly codeRidge: number;
  /** Ridge on the prior in the warm start, in pairs. */
  readonly priorRidge: number;
  /** What a prompt pays in the warm start for the squared length of the codes it uses. */
  readonly codeCost: number;
}

export interface RunConfig {
  readonly objective: Objective;
  readonly beta: number;
  /** ε, share of labels taken to be wrong: cDPO's and robust DPO's. */
  readonly labelSmoothing: number;
  /** SimPO γ/β. */
  readonly gammaBetaRatio: number;
  readonly ipoAverage: 'mean' | 'sum';
  /** Weight of −log π(y_w|x, z)/|y_w| beside the objective (RPO's term under DPO); null: the objective's own. */
  readonly nllWeight: number | null;
  /** LD-DPO α: what tokens beyond the shorter reply's length count. */
  readonly ldAlpha: number;
  /** KTO: what a desirable and an undesirable reply count, λ_D and λ_U. */
  readonly desirableWeight: number;
  readonly undesirableWeight: number;
  /** null trains the plain objective. */
  readonly latent: LatentConfig | null;
  readonly trainable: Trainable;
  /** Share of the steps that train heads and codebook alone before the backbone joins (lora and full). */
  readonly headsFirst: number;
  readonly loraRank: number;
  readonly loraAlpha: number;
  readonly loraTargets: readonly LoraTarget[];
  /** Share of the adapter's inputs that is zeroed in training, the rest scaled up. */
  readonly loraDropout: number;
  readonly steps: number;
  /** Passes over the training pairs; where set it takes the place of `steps`, which is then worked out. */
  readonly epochs: number | null;
  /** Rows whose gradients are summed into one step; 1 where `batchPairs` says what a step holds. */
  readonly accumulation: number;
  /** Pairs of a step, packed into as many rows as they need; null: as many as `accumulation` rows hold. */
  readonly batchPairs: number | null;
  /** Which held-out figure makes an evaluation the best so far. */
  readonly bestBy: BestBy;
  /** Evaluations without a better one after which the run ends; 0 is off. */
  readonly earlyStoppingPatience: number;
  /** How dialogues are written: a name of `CHAT_TEMPLATES`, or a template's Jinja; null: the model's own, plain where it has none. */
  readonly chatTemplate: string | null;
  /** Place of the model whose log-probabilities the objective compares with; null: the model that trains, as it begins. */
  readonly referenceModel: string | null;
  /** What rests in the model's weights from the first step: `run:N`, or the folder of a PEFT adapter; null: nothing. */
  readonly startFrom: string | null;
  /** Bits of frozen weights in memory. Fewer than the model's files have are rounded when the model is opened. */
  readonly weights: WeightsChoice;
  /** Computes a block's activations again in the backward pass instead of keeping them: less memory, more time. */
  readonly recompute: boolean;
  readonly learningRate: number;
  /** Rate of prior and posterior. */
  readonly headsLearningRate: number;
  /** null: the rate of prior and posterior. */
  readonly codebookLearningRate: number | null;
  /** Rate of the length of all codes, where they live in chosen directions. */
  readonly lengthLearningRate: number;
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

/** Whether a step may have several rows, whose gradients are summed before it is taken. */
export const sumsRows = ({
  accumulation,
  batchPairs,
}: Pick<RunConfig, 'accumulation' | 'batchPairs'>): boolean => accumulation > 1 || batchPairs !== null;

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
  kind: 'codebook',
  injection: 'head',
  injectionLayers: 2,
  inference: 'expectation',
  klWarmupSteps: 0,
  freeBits: 0,
  finalTemperature: 1,
  reseedDeadEvery: 0,
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
};

export const DEFAULT_RUN: RunConfig = {
  objective: 'dpo',
  beta: 0.1,
  labelSmoothing: 0,
  gammaBetaRatio: 0.5,
  ipoAverage: 'mean',
  nllWeight: null,
  ldAlpha: 0.5,
  desirableWeight: 1,
  undesirableWeight: 1,
  latent: DEFAULT_LATENT,
  trainable: 'lora',
  headsFirst: 0.5,
  loraRank: 8,
  loraAlpha: 16,
  loraTargets: LORA_TARGETS,
  loraDropout: 0,
  steps: 400,
  epochs: null,
  accumulation: 1,
  batchPairs: null,
  bestBy: 'loss',
  earlyStoppingPatience: 0,
  chatTemplate: null,
  referenceModel: null,
  startFrom: null,
  weights: 'as-stored',
  recompute: false,
  learningRate: 5e-4,
  headsLearningRate: 5e-3,
  codebookLearningRate: null,
  lengthLearningRate: 0.05,
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
