/** What a run reports while it works: small, serialisable frames. Names follow TRL where TRL has one. */
import type { Causes } from './causes/types.ts';
import type { Suggestion } from './result.ts';
import type { EngineName } from './runConfig.ts';

/** Figures of one training step, measured on that step's pairs with the mixture s (g as given). */
export interface StepFrame {
  readonly type: 'step';
  readonly step: number;
  readonly totalSteps: number;
  readonly loss: number;
  /** KL(q‖p), nats; 0 without a latent. */
  readonly kl: number;
  readonly g: number;
  readonly learningRate: number;
  readonly gradNorm: number;
  /** Share of the step's pairs with margin > 0 under the training mixture. */
  readonly accuracy: number;
  readonly margin: number;
  /** exp(H(mean p)) over the step's prompts; null without a latent. */
  readonly codePerplexity: number | null;
  readonly pairs: number;
  readonly tokens: number;
  readonly tokensPerSecond: number;
  /** Milliseconds to the end at the present rate. */
  readonly timeLeftMs: number;
  readonly stage: 'heads' | 'all';
  // What follows is null, too, in steps that were reported before it was measured.
  readonly marginStd: number | null;
  readonly rewardChosen: number | null;
  readonly rewardRejected: number | null;
  readonly logpChosen: number | null;
  readonly logpRejected: number | null;
  /** Pearson correlation of margin and reply-length difference; null for fewer than two pairs. */
  readonly lengthCorrelation: number | null;
  /** Mean per-prompt entropy of p(z|x), nats; null without a codebook, as the next two. */
  readonly promptEntropy: number | null;
  readonly topCodeShare: number | null;
  readonly deadCodes: number | null;
  /** τ; null without a codebook. */
  readonly temperature: number | null;
  /** λ as far as it has risen; null without a posterior. */
  readonly klWeight: number | null;
  readonly headsLearningRate: number | null;
  // The next three are null, too, in steps before they were measured; together they are the loss.
  /** What the objective says of the pairs: ln 2 for DPO before training. */
  readonly preferenceLoss: number | null;
  /** λ·KL with free bits; null without a posterior. */
  readonly klLoss: number | null;
  /** What the entropy bonus takes off, −bonus·H(mean p); null without it. */
  readonly bonusLoss: number | null;
  /** Memory that the process which trains holds after the step, resident; absent in steps before it was measured. */
  readonly memoryBytes?: number;
  /** Load of the busiest graphics card, 0 to 1, and its memory in use by all programs; absent on the processor, and where the system tells neither. */
  readonly gpuLoad?: number;
  readonly gpuMemoryBytes?: number;
}

/** Figures on held-out pairs; every accuracy named without a prefix is the prior's. */
export interface EvaluationFrame {
  readonly type: 'evaluation';
  readonly step: number;
  readonly pairs: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly posteriorAccuracy: number | null;
  /** Posterior's accuracy when chosen and rejected are handed to it swapped: far below means leakage. */
  readonly swappedAccuracy: number | null;
  readonly margin: number;
  readonly marginStd: number;
  readonly rewardChosen: number;
  readonly rewardRejected: number;
  readonly logpChosen: number;
  readonly logpRejected: number;
  readonly kl: number;
  readonly codePerplexity: number | null;
  /** Mean per-prompt entropy of p(z|x), nats. */
  readonly promptEntropy: number | null;
  readonly topCodeShare: number | null;
  readonly deadCodes: number | null;
  /** NMI(top code; source) on held-out prompts. */
  readonly nmiSource: number | null;
  /** Pearson correlation of margin and reply-length difference. */
  readonly lengthCorrelation: number | null;
  // The next two are null, too, where they were not measured yet.
  /** NMI(top code; aspect) on held-out prompts that have one. */
  readonly nmiAspect: number | null;
  /** Posterior's accuracy less the prior's: what the prior has not learnt to follow. */
  readonly priorPosteriorGap: number | null;
  // The next two are null, too, where codes were not forced yet.
  /** Standard deviation over the vocabulary of what z adds to the logits, nats, mean over pairs; null where z isn't at the head. */
  readonly logitShift: number | null;
  /** Codes that are the strongest for at least 1 % of the held-out prompts; null without a codebook. */
  readonly codesInUse: number | null;
  /** 95 % interval of the accuracy, prompts drawn anew with all their pairs; null where it was not measured yet. */
  readonly accuracyLow: number | null;
  readonly accuracyHigh: number | null;
  /** Of the last evaluation of a run: see `CausesFrame`; null where nothing could be measured. */
  readonly causalRecovery: number | null;
}

/** What codes do when they are forced on held-out pairs; comes before the last evaluation of a run. */
export interface CausesFrame {
  readonly type: 'causes';
  readonly step: number;
  /** Held-out pairs that codes were forced on, and of how many: a part is drawn where there are many. */
  readonly pairs: number;
  readonly heldOutPairs: number;
  /** Codes in use that were not forced, being the least used of many. */
  readonly codesLeftOut: number;
  readonly groupedBy: 'source' | 'aspect';
  /** null with the reason in `reason`. */
  readonly causes: Causes | null;
  readonly reason: string | null;
}

/** Work before or after the steps, so that nothing over a second is silent. */
export interface PhaseFrame {
  readonly type: 'phase';
  readonly phase:
    | 'load'
    | 'tokenise'
    | 'reference'
    | 'warm-start'
    | 'compile'
    | 'train'
    | 'evaluate'
    | 'causes'
    | 'codes'
    | 'save'
    | 'generate';
  readonly done: number;
  readonly total: number;
  /** Said in words where something needs saying, e.g. which pairs were cut or left out. */
  readonly note?: string;
}

export interface EngineFrame {
  readonly type: 'engine';
  readonly engine: EngineName;
  /** Set when this is not what was asked for; the screen shows it. */
  readonly fallback: string | null;
}

/** Plain-words finding about the run's health, with a fix. */
export interface WarningFrame {
  readonly type: 'warning';
  readonly step: number;
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly suggestion?: Suggestion;
}

export interface CheckpointFrame {
  readonly type: 'checkpoint';
  readonly step: number;
  readonly kind: 'best' | 'last';
  /** Folder of the checkpoint; complete and hashed when this frame is sent. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** Text added to one of the replies being generated. */
export interface TextFrame {
  readonly type: 'text';
  readonly sample: number;
  readonly text: string;
}

export type RunFrame =
  | TextFrame
  | StepFrame
  | EvaluationFrame
  | CausesFrame
  | PhaseFrame
  | EngineFrame
  | WarningFrame
  | CheckpointFrame;

/** TRL's name of a figure, where TRL has one. */
const TRL_NAMES: Readonly<Record<string, string>> = {
  accuracy: 'rewards/accuracies',
  margin: 'rewards/margins',
  rewardChosen: 'rewards/chosen',
  rewardRejected: 'rewards/rejected',
  logpChosen: 'logps/chosen',
  logpRejected: 'logps/rejected',
  gradNorm: 'grad_norm',
  learningRate: 'learning_rate',
};

/**
 * A frame's numbers as an entry of a TRL trainer's `log_history`: under TRL's names, `eval_` before those of an
 * evaluation but for the step; nulls left out. Figures that TRL has no name for keep theirs.
 */
export function trlMetrics(frame: StepFrame | EvaluationFrame): Record<string, number> {
  const prefix = frame.type === 'evaluation' ? 'eval_' : '';
  return Object.fromEntries(
    Object.entries(frame).flatMap(([field, value]) => {
      if (typeof value !== 'number') return [];
      return [[field === 'step' ? field : `${prefix}${TRL_NAMES[field] ?? field}`, value]];
    }),
  );
}
