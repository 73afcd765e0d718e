/**
 * An experiment is a pure list of cells and a way to sum up their results. A cell is one training run with one seed,
 * scored on pairs that were not trained on. What a cell measures depends on its settings, data, model and the code
 * alone, never on its names: cells of different experiments that ask for the same are computed once.
 */
import type { Causes } from '#core/causes/types.ts';
import type { CandidatesResult } from '#core/jobs.ts';
import type { PreferencePair } from '#core/preference.ts';
import type { Failure } from '#core/result.ts';
import type { EngineName, LatentConfig, RunConfig } from '#core/runConfig.ts';

export const EXPERIMENTS = [
  'methods',
  'k-sweep',
  'flips',
  'latent-kind',
  'controls',
  'known-factors',
  'real-model',
  'search',
  'flip-injection',
] as const;
export type ExperimentName = (typeof EXPERIMENTS)[number];

/** JSON as summaries give it. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export interface CellData {
  /** Says what the pairs are, e.g. `flips 20 %, seed 2`; unique to the content within an experiment. */
  readonly name: string;
  readonly training: readonly PreferencePair[];
  /**
   * Scored after training, with the labels that count as right: no prompt of `training`. Pair ids are unique, and the
   * same in all cells of a group, so that differences are taken pair by pair.
   */
  readonly test: readonly PreferencePair[];
  /** What a code should tell, by `promptId` of the test pairs: a factor, a cue, a source. Absent: the pair's source. */
  readonly labels?: ReadonlyMap<string, string>;
}

export interface Cell {
  /** Readable and unique within the experiment, e.g. `unmarked 20 %/lpc-dpo/seed 1`. */
  readonly key: string;
  /** Cells that are compared with each other: same test pairs, e.g. `cued`, `unmarked 20 %`, `opposed`. */
  readonly group: string;
  /** Rows of a group's table; cells that differ in seed alone share it. */
  readonly method: string;
  readonly seed: number;
  readonly modelDir: string;
  /** Made when it is needed; designs give the same function to cells that share data. */
  readonly data: () => CellData;
  readonly config: RunConfig;
  /** Figures known without training, shown beside the results, e.g. `{'Bayes ceiling': 0.93}`. */
  readonly facts?: Readonly<Record<string, number | string>>;
}

/** Changes to the default settings; `latent: null` is the plain objective. */
export type SettingChanges = Partial<Omit<RunConfig, 'latent' | 'seed'>> & {
  readonly latent?: Partial<LatentConfig> | null;
};

export interface DesignInput {
  readonly seeds: readonly number[];
  readonly modelDir: string;
  /** The pairs of `--data`, else of the bundled sample; empty for a design that makes its own. */
  readonly pairs: readonly PreferencePair[];
  /**
   * Settings of a cell: the defaults, then what the design suggests, then what the user set by options, then what
   * makes the cell the one it is.
   */
  readonly settings: (seed: number, defining: SettingChanges, suggested?: SettingChanges) => RunConfig;
}

export interface Design {
  readonly name: ExperimentName;
  readonly title: string;
  /** What is asked and how to read the answer, plain sentences. */
  readonly question: string;
  /**
   * What the paper found, as far as it is known to us (read second-hand), and why a result here may be another one; absent where
   * nothing of the kind is known.
   */
  readonly paper?: { readonly says: string; readonly differs: string };
  /** False where the design makes its own pairs; `--data` is then refused. With 'if given' it makes them where none are given. */
  readonly takesPairs: boolean | 'if given';
  /** The method that the others of a group are compared with; null where there is none. */
  readonly baseOf: (group: string) => string | null;
  /** Pure: the same input gives the same cells. */
  readonly cells: (input: DesignInput) => readonly Cell[];
  /** Candidates that are fitted without training: see `CandidatesJob`. */
  readonly fits?: (input: DesignInput) => readonly CandidateFit[];
  /** Audits of labels of which it is known which are wrong: see `AuditJob`. */
  readonly audits?: (input: DesignInput) => readonly LabelAudit[];
  /** Cells that depend on what the first ones gave, e.g. as much processor time as another. */
  readonly followUp?: (results: readonly CellResult[], input: DesignInput) => readonly Cell[];
  /** The group to ask for where a group holds cells of `followUp` alone; absent: the group itself. */
  readonly askedBy?: (group: string) => string;
  /** Adds to the JSON what only this experiment has, at its top level; failed cells are missing from `results`. */
  readonly summarise?: (
    results: readonly CellResult[],
    input: DesignInput,
  ) => { readonly [key: string]: JsonValue };
  /** Groups whose results form a curve, e.g. accuracy over K: one line a method. */
  readonly curves?: readonly Curve[];
}

/** Pairs of which some labels are wrong. */
export interface LabelAudit {
  readonly group: string;
  readonly method: string;
  readonly seed: number;
  readonly modelDir: string;
  readonly pairs: readonly PreferencePair[];
  /** Ids of those whose label is wrong. */
  readonly flipped: ReadonlySet<string>;
  readonly config: RunConfig;
  readonly folds: number;
}

export interface MadeAudit extends Pick<LabelAudit, 'group' | 'method' | 'seed'> {
  readonly contentKey: string;
  /** ISO time at which it was done. */
  readonly at: string;
  readonly pairs: number;
  readonly wrong: number;
  /** Wrong labels in the first 5 and 10 % of the list. */
  readonly found: readonly number[];
  /** Of the margins, against the labels as they were. */
  readonly accuracy: number;
  readonly seconds: number;
}

/** Over the seeds. */
export interface AuditSummary extends Pick<LabelAudit, 'group' | 'method'> {
  readonly seeds: readonly number[];
  readonly pairs: number;
  readonly wrong: number;
  readonly accuracy: number;
  /** Share of the wrong labels in the first part of the list, with Wilson's interval. */
  readonly recall: readonly {
    readonly part: number;
    readonly share: number;
    readonly low: number;
    readonly high: number;
  }[];
  /** Of one. */
  readonly seconds: number;
}

/** Candidates on one set of pairs. */
export interface CandidateFit {
  readonly group: string;
  readonly modelDir: string;
  /** The training pairs are fitted, and split anew; the test pairs are left alone. */
  readonly data: () => CellData;
  readonly config: RunConfig;
  readonly splits: number;
}

export interface FittedCandidates extends CandidatesResult {
  readonly group: string;
  readonly splits: number;
  readonly contentKey: string;
  /** ISO time at which it was done. */
  readonly at: string;
}

export interface Curve {
  readonly title: string;
  readonly xLabel: string;
  /** Doubles from tick to tick. */
  readonly logarithmic?: boolean;
  /** Where a result lies on the curve; null where it isn't part of it. */
  readonly point: (result: CellResult) => { readonly line: string; readonly x: number } | null;
}

/** One test pair after training; margins are β-scaled and right above 0. */
export interface PairOutcome {
  readonly pairId: string;
  readonly promptId: string;
  readonly margin: number;
  readonly posteriorMargin: number | null;
  readonly swappedMargin: number | null;
  readonly kl: number | null;
}

/** p(z|x) of the test prompts, each once. */
export interface PromptCodes {
  readonly codes: number;
  readonly promptIds: readonly string[];
  /** Row-major, `codes` values a prompt. */
  readonly weights: readonly number[];
  /**
   * h_x of the prompts, from which the prior reads the codes: the control for any map of them. Row-major, `stateSize`
   * values a prompt; absent where they would make the result too large.
   */
  readonly states?: { readonly size: number; readonly values: readonly number[] } | undefined;
}

/** What a cell's jobs gave: stored under the cell's content key and never computed twice. */
export interface Measurement {
  readonly contentKey: string;
  readonly config: RunConfig;
  readonly engine: EngineName;
  readonly modelFingerprint: string;
  readonly trainingSha256: string;
  readonly testSha256: string;
  readonly trainingPairs: number;
  readonly codeVersion: string;
  readonly codeFingerprint: string;
  /** In the order of the test pairs. */
  readonly pairs: readonly PairOutcome[];
  /** null without a codebook. */
  readonly codes: PromptCodes | null;
  /** What the codes cause for the labels of the test prompts; null without codes or with one label. */
  readonly causes: Causes | null;
  readonly firstLoss: number | null;
  /** What the run's doctor said, in plain words. */
  readonly warnings: readonly string[];
  /** Wall time of the cell on its process. */
  readonly seconds: number;
  /** Of all its threads, from the warm start to the end: references and cached states, which methods share, come before. */
  readonly processorSeconds: number;
  /** ISO time at which it was done. */
  readonly at: string;
}

export interface CellFigures {
  /** The prior's on test pairs, strict (margin > 0): the only one that is an accuracy of the policy. */
  readonly accuracy: number;
  /** Given the label; null without a posterior. */
  readonly posteriorAccuracy: number | null;
  /** Given the label the wrong way round: far below `posteriorAccuracy` is leakage. */
  readonly swappedAccuracy: number | null;
  readonly margin: number;
  readonly marginStd: number;
  /** Correlation of margin and reply-length difference (characters). */
  readonly lengthCorrelation: number | null;
  /** Nats; null without a latent. */
  readonly kl: number | null;
  /** Of p(z|x) over test prompts; null without a codebook. */
  readonly codePerplexity: number | null;
  readonly promptEntropy: number | null;
  readonly topCodeShare: number | null;
  readonly deadCodes: number | null;
  /** Strongest code against the prompts' labels; null without a codebook or with one label only. */
  readonly nmi: number | null;
  /** I(code; label) / H(label) of the strongest code. */
  readonly recovery: number | null;
  /** Of the causes: see core/causes. */
  readonly causalRecovery: number | null;
  readonly codesInUse: number | null;
  /** Accuracy of the prior's choice less that of the best single code for all. */
  readonly gainOverOneCode: number | null;
  /** Accuracy by label of the prompt. */
  readonly accuracyByLabel: Readonly<Record<string, number>>;
}

export interface CellResult extends Measurement {
  readonly cell: Cell;
  /** `cell.data()`'s labels, or sources, by the order of `codes.promptIds`; empty without codes. */
  readonly promptLabels: readonly string[];
  readonly figures: CellFigures;
}

export interface FailedCell {
  readonly cell: Cell;
  readonly failure: Failure;
}
