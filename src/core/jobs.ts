/** Jobs the compute process takes. Arrays stay on disk: jobs and results carry paths. */
import type { CodeEvidence } from './codeEvidence.ts';
import type { CodeChoice, Sampling } from './generation.ts';
import type { Near, UsualDistance } from './likeness.ts';
import type { Message } from './preference.ts';
import type { EngineChoice, EngineName, RunConfig } from './runConfig.ts';

export interface TrainJob {
  readonly kind: 'train';
  readonly config: RunConfig;
  readonly modelDir: string;
  /** JSON Lines, one `PreferencePair` a row. */
  readonly datasetPath: string;
  /** Where checkpoints, per-pair results and codes go; made if absent. */
  readonly runDir: string;
  /** Shared between runs: reference log-probabilities by fingerprint. */
  readonly cacheDir: string;
  /** Goes on from the last checkpoint in `runDir`, bit for bit as if it had never stopped. */
  readonly resume?: boolean;
  /**
   * Where memory ran out: a step's rows are computed in parts of at most so many tokens, whose gradients are summed. Kept by the
   * checkpoints, so that the run goes on with it.
   */
  readonly rowTokens?: number;
  /** Folder of what `startFrom` names; absent where that is a folder itself. */
  readonly startDir?: string | undefined;
  /** JSON array of the prompt ids to hold out, in the place of a share of the prompts drawn by seed. */
  readonly heldOutPromptsPath?: string;
}

/** Result of `train`; `stopped` when asked to stop: the last checkpoint is written all the same. */
export interface TrainResult {
  readonly stopped: boolean;
  readonly steps: number;
  readonly checkpointDir: string;
  /** JSON Lines of `PairResult` for held-out pairs. */
  readonly pairResultsPath: string;
  /** Ids of the held-out prompts, JSON array. */
  readonly heldOutPath: string;
  /** JSON Lines of `PairCodes`; null without codes or held-out pairs. */
  readonly heldOutCodesPath: string | null;
  /** Processor time of all threads from the warm start to the end; references and cached states come before it. */
  readonly processorMs: number;
}

/** What the prior reads and says of a held-out pair's prompt. */
export interface PairCodes {
  readonly pairId: string;
  /** p(z|x), K values. */
  readonly weights: readonly number[];
  /** h_x, d values. */
  readonly state: readonly number[];
}

export interface PairResult {
  readonly pairId: string;
  /** β-scaled reward margin under the prior. */
  readonly margin: number;
  readonly rewardChosen: number;
  readonly rewardRejected: number;
  /** log π(y|x, z) under the prior, summed over the reply's tokens, nats. */
  readonly logpChosen: number;
  readonly logpRejected: number;
  readonly posteriorMargin: number | null;
  readonly swappedMargin: number | null;
  readonly kl: number | null;
  /** Strongest code of p(z|x) and its share; null without a codebook. */
  readonly prior: StrongestCode | null;
  /** The same of q(z|x, y_w ≻ y_l). */
  readonly posterior: StrongestCode | null;
}
export interface StrongestCode {
  readonly code: number;
  readonly weight: number;
}

/** p(z|x) of many prompts by a checkpoint. */
export interface CodesJob {
  readonly kind: 'codes';
  readonly modelDir: string;
  readonly checkpointDir: string;
  /** JSON Lines of `{id: string, messages: Message[]}`. */
  readonly promptsPath: string;
  /**
   * Written as little-endian float32, rows in the order of the prompts file, K values a row. Asked again after a stop or
   * a crash, the job goes on with what is there of it.
   */
  readonly outputPath: string;
  /** Also h_x, as the prior reads it: each row is then K weights and `stateSize` values. */
  readonly withStates?: boolean;
  /**
   * JSON array of each prompt's source, null for one that was not trained on. Of those that were, a part is measured: what the
   * codes' agreement with sources is worth, and how far known prompts lie apart.
   */
  readonly sourcesPath?: string;
  /** Where h_x of that part is written, little-endian float32, a row a prompt. */
  readonly knownPath?: string;
  /** Where runs keep h_x of prompts that a backbone at rest has read; without it every prompt goes through the backbone. */
  readonly cacheDir?: string;
  readonly engine: EngineChoice;
}
export interface CodesResult {
  readonly prompts: number;
  readonly codes: number;
  /** Values of h_x in a row after its weights; absent where they were not asked for. */
  readonly stateSize?: number;
  /** null with fewer than two sources; absent where it was not asked for. */
  readonly evidence?: CodeEvidence | null;
  /** Of the part: places in the prompts file, and how far its prompts lie apart. */
  readonly known?: { readonly places: readonly number[]; readonly usual: UsualDistance | null };
  readonly outputPath: string;
}

/** p(z|x) of one prompt typed by a person. */
export interface ProbeJob {
  readonly kind: 'probe';
  readonly modelDir: string;
  readonly checkpointDir: string;
  readonly messages: readonly Message[];
  /** As `CodesJob.knownPath` was written: the nearest known prompts are looked for too. */
  readonly knownPath?: string;
  /** Also of the beginnings of its last message. */
  readonly growth?: true;
  readonly engine: EngineChoice;
}
export interface ProbeResult {
  readonly weights: readonly number[];
  readonly tokens: number;
  /** Tokens at the prompt's beginning that are cut off, as in training. */
  readonly tokensCut: number;
  /** p(z|x) as the last message grows, the whole prompt last; absent where it was not asked for. */
  readonly growth?: readonly { readonly added: string; readonly weights: readonly number[] }[];
  /** Rows of the known prompts, nearest first; empty where none were named. */
  readonly nearest: readonly Near[];
}

/** Tokens that each code lifts and lowers most, W_U e_k. */
export interface VocabularyJob {
  readonly kind: 'vocabulary';
  readonly modelDir: string;
  readonly checkpointDir: string;
  readonly engine: EngineChoice;
}
export interface ShiftedToken {
  readonly id: number;
  readonly text: string;
  /** Nats that z = e_k adds to its logit, less the mean over the vocabulary. */
  readonly shift: number;
}
export interface VocabularyResult {
  /** By code, strongest first; null with the reason in words. */
  readonly codes:
    | readonly { readonly lifted: readonly ShiftedToken[]; readonly lowered: readonly ShiftedToken[] }[]
    | null;
  readonly reason: string | null;
}

/** Margins of a pair file by a checkpoint, or by the base model where `checkpointDir` is null. */
export interface ScoreJob {
  readonly kind: 'score';
  readonly modelDir: string;
  readonly checkpointDir: string | null;
  readonly datasetPath: string;
  /** JSON Lines of `PairResult`; asked again after a stop or a crash, the job goes on with what is there of it. */
  readonly outputPath: string;
  readonly cacheDir: string;
  readonly engine: EngineChoice;
}
export interface ScoreResult {
  readonly pairs: number;
  readonly accuracy: number;
  readonly margin: number;
  readonly outputPath: string;
}

/** Every code in use by a checkpoint forced on the pairs of a file, one at a time. */
export interface CausesJob {
  readonly kind: 'causes';
  readonly modelDir: string;
  readonly checkpointDir: string;
  readonly datasetPath: string;
  readonly cacheDir: string;
  readonly engine: EngineChoice;
}
export interface CausesResult {
  readonly codes: readonly number[];
  /** In the order of the pair file. */
  readonly pairs: readonly ForcedResult[];
}
/** See `ForcedPair`: margins under the prior, under each code, with each code pinned, with z off and one mixture for all. */
interface ForcedResult {
  readonly pairId: string;
  readonly strongest: number;
  readonly margin: number;
  readonly forced: readonly number[];
  readonly pinned: readonly number[];
  readonly off: number;
  readonly shared: number;
}

/** Replies to one prompt, streamed as `text` frames. */
/** Fits candidates for the robust setting to the linear rewards of a file's pairs, each with the same budget. */
export interface CandidatesJob {
  readonly kind: 'candidates';
  /** What features are read with: cuts, β, pooling, directions, ridges. */
  readonly config: RunConfig;
  readonly modelDir: string;
  readonly datasetPath: string;
  /** JSON array of the ids of prompts that are left out: read with the others, so that cached states are shared, and never fitted. */
  readonly heldOutPromptsPath: string;
  /** Work of the job; to be removed by the caller. */
  readonly runDir: string;
  readonly cacheDir: string;
  /** Draws of the prompts that are set aside, from 1. */
  readonly splits: number;
}

/** Means over the splits, on the prompts set aside. */
export interface CandidateScore {
  readonly name: string;
  /** Share of pairs with a margin above 0 under the mean code of the prior. */
  readonly accuracy: number;
  readonly accuracyBySplit: readonly number[];
  /** −log σ of that margin. */
  readonly loss: number;
  /** I(strongest code; source)/H(source). */
  readonly recovery: number;
  /** Codes that are some prompt's strongest. */
  readonly codesInUse: number;
  /** Of the fit. */
  readonly seconds: number;
}

export interface CandidatesResult {
  readonly iterations: number;
  readonly pairs: number;
  /** In the order in which they were tried. */
  readonly candidates: readonly CandidateScore[];
}

/** Judges each label by codes and prior that were fitted without its prompt. */
export interface AuditJob {
  readonly kind: 'audit';
  /** Of the run whose labels are looked at. */
  readonly config: RunConfig;
  readonly modelDir: string;
  readonly datasetPath: string;
  /** Work of the job; to be removed by the caller. */
  readonly runDir: string;
  readonly cacheDir: string;
  readonly folds: number;
  /** JSON Lines of `AuditedLabel`, those that are borne out least first; whole or absent. */
  readonly outputPath: string;
  /** At most so many rows. */
  readonly limit: number;
}
export interface AuditedLabel {
  readonly pairId: string;
  /** Of the label under the mean code of its prompt: below 0 it is contradicted. */
  readonly margin: number;
}
export interface AuditResult {
  /** That were judged, and those that cannot be: replies that are the same once cut, prompts that a template refuses. */
  readonly pairs: number;
  readonly leftOut: number;
  readonly folds: number;
  /** Labels with a margin of 0 or below. */
  readonly contradicted: number;
  readonly outputPath: string;
}

export interface GenerateJob {
  readonly kind: 'generate';
  readonly modelDir: string;
  /** null is the base model. */
  readonly checkpointDir: string | null;
  readonly messages: readonly Message[];
  readonly sampling: Sampling;
  /** Replies drawn; each has noise of its own. */
  readonly samples: number;
  readonly codes: CodeChoice;
  readonly engine: EngineChoice;
}
export interface GeneratedReply {
  readonly text: string;
  readonly tokens: number;
  readonly finish: 'stop' | 'length' | 'stopped';
  /** Sum of the drawn tokens' log-probabilities under the policy, before temperature and cuts. */
  readonly logp: number;
}
export interface GenerateResult {
  readonly replies: readonly GeneratedReply[];
  /** Tokens drawn for each reply, the one that ended it included. */
  readonly ids: readonly (readonly number[])[];
  readonly promptTokens: number;
  /** p(z|x); null without a latent. */
  readonly weights: readonly number[] | null;
  readonly tokensPerSecond: number;
  readonly timeToFirstTokenMs: number;
}

/** What a policy makes of each token of a reply that is given. */
export interface ReplyTokensJob {
  readonly kind: 'reply-tokens';
  readonly modelDir: string;
  /** null is the base model. */
  readonly checkpointDir: string | null;
  readonly messages: readonly Message[];
  /** Of the reply, as it was drawn. */
  readonly ids: readonly number[];
  /** The policy's z: where it is sampled, that of this reply of this seed. */
  readonly codes: CodeChoice;
  readonly seed: number;
  readonly sample: number;
  readonly maxTokens: number;
  /** A base model reads the prompt as it is cut for these settings; null: whole. Of a run its own count. */
  readonly cutAs: RunConfig | null;
  readonly engine: EngineChoice;
}
export interface ReplyToken {
  readonly text: string;
  /** log π(y_t|x, y_<t, z), nats, before temperature and cuts. */
  readonly logp: number;
}
export interface ReplyTokensResult {
  readonly tokens: readonly ReplyToken[];
}

/** Two or more replies to each of many prompts, for labelling. Resumable: prompts already in the output are left out. */
export interface GenerateManyJob {
  readonly kind: 'generate-many';
  readonly modelDir: string;
  readonly checkpointDir: string | null;
  /** JSON Lines of `{id: string, messages: Message[]}`. */
  readonly promptsPath: string;
  /** JSON Lines of `{id, replies: GeneratedReply[]}`; what is there already is kept. */
  readonly outputPath: string;
  /** One reply is drawn for each; they may differ in seed, temperature or codes. */
  readonly variants: readonly { readonly sampling: Sampling; readonly codes: CodeChoice }[];
  readonly engine: EngineChoice;
}
export interface GenerateManyResult {
  readonly prompts: number;
  readonly stopped: boolean;
  readonly outputPath: string;
}

/** How a pair is seen in training: every token, and which of them count in the loss. */
export interface TokensJob {
  readonly kind: 'tokens';
  readonly modelDir: string;
  readonly messages: readonly Message[];
  readonly chosen: string;
  readonly rejected: string;
  readonly chosenTurns?: readonly Message[] | undefined;
  readonly rejectedTurns?: readonly Message[] | undefined;
  readonly config: RunConfig;
}
export interface TokenPiece {
  readonly id: number;
  readonly text: string;
  readonly trained: boolean;
}
export interface TokensResult {
  readonly prompt: readonly TokenPiece[];
  readonly chosen: readonly TokenPiece[];
  readonly rejected: readonly TokenPiece[];
  readonly promptCut: number;
  readonly chosenCut: number;
  readonly rejectedCut: number;
}

export const EXPORT_FORMATS = ['peft', 'merged', 'gguf', 'gguf-lora', 'onnx', 'codebook'] as const;
type ExportFormat = (typeof EXPORT_FORMATS)[number];
/** How weights are written: 32 or 16 bits each, or blocks of llama.cpp's. */
export const EXPORT_TYPES = ['F32', 'BF16', 'F16', 'Q8_0', 'Q4_0'] as const;
export type ExportType = (typeof EXPORT_TYPES)[number];
/** What a format can be written in, the usual one first. */
export const FORMAT_TYPES: Readonly<Record<ExportFormat, readonly [ExportType, ...ExportType[]]>> = {
  peft: ['F32'],
  merged: ['F32', 'BF16'],
  gguf: ['F16', 'Q8_0', 'Q4_0'],
  'gguf-lora': ['F32'],
  onnx: ['F32'],
  codebook: ['F32'],
};
/** A base model as other loaders name it: `owner/name` of a hub with a commit or branch, or a path. */
export interface BaseName {
  readonly name: string;
  readonly revision: string | null;
}

export interface ExportJob {
  readonly kind: 'export';
  readonly modelDir: string;
  readonly checkpointDir: string;
  readonly format: ExportFormat;
  /** One of the format's; its usual one where absent. */
  readonly type?: ExportType | undefined;
  /** Made; must not exist. Complete or absent. */
  readonly outputDir: string;
  /** Written as README.md beside the export, as Markdown with YAML front matter. */
  readonly modelCard: string;
  /** What an adapter names as its base; absent where nobody knows. */
  readonly base?: BaseName | undefined;
}
export interface ExportResult {
  readonly folder: string;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly notes: readonly string[];
}

interface EnginesJob {
  readonly kind: 'engines';
  /** Measures each engine on a small step. */
  readonly probe: boolean;
}
export interface EngineReport {
  readonly name: EngineName;
  readonly available: boolean;
  /** Device in words, e.g. an adapter's name. */
  readonly device: string | null;
  /** Why it is not there, and what to do. */
  readonly reason: string | null;
  readonly fix: string | null;
  /** What the library that failed said itself, for a report of the fault; null where nothing failed. */
  readonly detail: string | null;
  /** Milliseconds a step of the probe took; null where not measured. */
  readonly msPerStep: number | null;
}
export interface EnginesResult {
  readonly engines: readonly EngineReport[];
  readonly fastest: EngineName;
  /** In words, where an engine that is there failed its measurement and another takes its place; null otherwise. */
  readonly fallback: string | null;
}

/** Reads a model folder and says what it is, or why it can't be used. */
export interface InspectModelJob {
  readonly kind: 'inspect-model';
  readonly modelDir: string;
}
export interface ModelInfo {
  readonly architecture: string;
  readonly parameters: number;
  readonly layers: number;
  readonly hiddenSize: number;
  readonly vocabulary: number;
  readonly contextLength: number;
  readonly dtype: string;
  readonly bytes: number;
  readonly chatTemplate: boolean;
}

/** Memory and time that a run would take. */
export interface EstimateJob {
  readonly kind: 'estimate';
  readonly config: RunConfig;
  readonly modelDir: string;
  readonly datasetPath: string;
  readonly startDir?: string | undefined;
}
export interface EstimateResult {
  readonly peakBytes: number;
  readonly trainableParameters: number;
  readonly pairs: number;
  /** That are trained on, and that limits cut off; of which pairs. */
  readonly tokens: number;
  readonly tokensCut: number;
  readonly pairsCut: number;
  /** Pairs whose replies are the same once cut: they are left out. */
  readonly equalIds: readonly string[];
  /** As asked for, or worked out from the epochs. */
  readonly steps: number;
  /** On average: what packing and accumulation bring into one step. */
  readonly pairsPerStep: number;
  /** From a short measured step on this machine; null where the run would not fit in the memory that is free. */
  readonly secondsTotal: number | null;
}

export type Job =
  | TrainJob
  | CodesJob
  | ProbeJob
  | VocabularyJob
  | ScoreJob
  | CausesJob
  | CandidatesJob
  | AuditJob
  | GenerateJob
  | GenerateManyJob
  | ReplyTokensJob
  | TokensJob
  | ExportJob
  | EnginesJob
  | InspectModelJob
  | EstimateJob;
export interface JobResults {
  train: TrainResult;
  codes: CodesResult;
  probe: ProbeResult;
  vocabulary: VocabularyResult;
  score: ScoreResult;
  causes: CausesResult;
  candidates: CandidatesResult;
  audit: AuditResult;
  generate: GenerateResult;
  'generate-many': GenerateManyResult;
  'reply-tokens': ReplyTokensResult;
  tokens: TokensResult;
  export: ExportResult;
  engines: EnginesResult;
  'inspect-model': ModelInfo;
  estimate: EstimateResult;
}
