/** What the window, the server and the command line may ask of the workbench. Failures are thrown as `FacetError`. */

import type { CodeChoice, Sampling } from '#core/generation.ts';
import type { EnginesResult, EstimateResult, ProbeResult, ScoreResult } from '#core/jobs.ts';
import type { Message, ReplyKey, Verdict } from '#core/preference.ts';
import type { EngineChoice, RunConfig } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import type {
  Annotator,
  CodesOverview,
  HeatMap,
  ImportFrame,
  ImportPreview,
  Model,
  PairFilter,
  PairRow,
  PairSelection,
  Project,
  ProjectSettings,
  PromptCodes,
  Queue,
  RecentProject,
  Run,
  Source,
  TopPrompt,
} from '#shared/entities.ts';
import type {
  Download,
  ExportFormat,
  ExportResult,
  GenerationFrame,
  HubSettings,
  TokenView,
} from '#shared/policyEntities.ts';

import type { ComputeOptions } from '../compute/ComputeClient.ts';
import type { PromptCodesResult } from './promptCodesFile.ts';

export type SettingsChanges = { readonly [K in keyof ProjectSettings]?: ProjectSettings[K] | undefined };

export interface ProjectService {
  current(): Project | null;
  recent(): RecentProject[];
  /** Closes the open project first; so do `open` and `openSample`. */
  create(request: { path: string; name: string }): Promise<Project>;
  open(path: string): Promise<Project>;
  openSample(): Promise<Project>;
  /** Asks a running training to stop and waits for it, then closes the file. */
  close(): Promise<void>;
  updateSettings(changes: SettingsChanges): Promise<Project>;
}

export interface LibraryService {
  sources(): Source[];
  preview(file: string): Promise<ImportPreview>;
  /** One transaction; ends with a `done` frame. Returning early or aborting leaves nothing behind. */
  import(file: string, signal?: AbortSignal): AsyncGenerator<ImportFrame, void>;
  count(filter: PairFilter): number;
  rows(filter: PairFilter, offset: number, limit: number): PairRow[];
  statusCounts(filter: Pick<PairFilter, 'text' | 'sourceId'>): {
    all: number;
    unlabelled: number;
    labelled: number;
    skipped: number;
  };
}

/** Writes wait while an import holds the project's one writer. */
export interface AnnotateService {
  annotators(): Annotator[];
  selectAnnotator(name: string): Promise<Annotator>;
  queue(pairId: number | null): Promise<Queue>;
  decide(request: {
    pairId: number;
    verdict: Verdict;
    leftKey: ReplyKey;
    durationMs: number;
  }): Promise<Queue>;
  undo(): Promise<Queue>;
}

export interface ModelService {
  /** The bundled starter model first, where it is there. */
  list(): Promise<Model[]>;
  /** Checks the folder in the compute process; adding a known path again gives the model there is. */
  add(path: string): Promise<Model>;
  get(modelId: number): Model;
}

export interface RunRequest {
  readonly name?: string | undefined;
  readonly modelId: number;
  readonly config: RunConfig;
  readonly selection: PairSelection;
}
export interface RunService {
  list(): Run[];
  get(runId: number): Run;
  countPairs(selection: PairSelection): { pairs: number; prompts: number };
  estimate(request: RunRequest): Promise<EstimateResult & { memoryBytes: number }>;
  /** Returns once the run is stored and its job is on its way. */
  start(request: RunRequest): Promise<Run>;
  /** Stored frames first, then live ones until the run has ended and its codes are stored. */
  frames(runId: number, signal?: AbortSignal): AsyncGenerator<RunFrame, void>;
  stop(runId: number): Promise<Run>;
  /** Resolves when the run has ended, well or not, and its codes are stored. */
  wait(runId: number): Promise<Run>;
  /** Writes the last checkpoint, then ends as `paused`. */
  pause(runId: number): Promise<Run>;
  /** Goes on from the last checkpoint as if it had never stopped. */
  resume(runId: number): Promise<Run>;
  /** A folder in `parent` that other tools read; complete or absent. */
  export(request: { runId: number; format: ExportFormat; parent: string }): Promise<ExportResult>;
  /** Margins on any pair file by a run's last checkpoint over its own model; `runId` null scores `modelId` as it is. */
  score(
    request: { file: string; modelId: number; runId: number | null; outputPath?: string | undefined },
    options?: ComputeOptions,
  ): Promise<ScoreResult>;
}

export interface CodesService {
  overview(runId: number): CodesOverview;
  heatMap(runId: number): HeatMap;
  topPrompts(runId: number, code: number, limit: number): TopPrompt[];
  prompt(runId: number, promptId: number): PromptCodes;
  probe(runId: number, text: string): Promise<ProbeResult>;
  /** p(z|x) of every prompt of a file, JSON Lines of `{id, weights}`. */
  file(
    request: { runId: number; file: string; outputPath?: string | undefined },
    options?: ComputeOptions,
  ): Promise<PromptCodesResult>;
}

/** `runId` null is the base model; with a run, the run's own model counts. */
export interface PolicyChoice {
  readonly modelId: number;
  readonly runId: number | null;
}
export interface PlaygroundService {
  /** What a policy consists of, for jobs outside of a project. */
  policy(choice: PolicyChoice): {
    readonly modelDir: string;
    readonly checkpointDir: string | null;
    readonly engine: EngineChoice;
  };
  generate(
    request: PolicyChoice & {
      readonly messages: readonly Message[];
      readonly sampling: Sampling;
      readonly samples: number;
      readonly codes: CodeChoice;
    },
    signal?: AbortSignal,
  ): AsyncGenerator<GenerationFrame, void>;
  keepPair(request: {
    messages: readonly Message[];
    a: string;
    b: string;
    origin: string;
  }): Promise<{ pairId: number | null }>;
  newPairs(
    request: PolicyChoice & {
      readonly prompts: number;
      readonly sourceIds: readonly number[] | null;
      readonly variants: readonly { readonly sampling: Sampling; readonly codes: CodeChoice }[];
    },
    signal?: AbortSignal,
  ): AsyncGenerator<NewPairsFrame, void>;
  tokens(request: { modelId: number; pairId: number; config: RunConfig }): Promise<TokenView>;
}
export type NewPairsFrame =
  | { readonly type: 'progress'; readonly done: number; readonly total: number; readonly text: string }
  | {
      readonly type: 'done';
      readonly pairs: number;
      readonly identical: number;
      readonly sourceId: number | null;
    };

export interface HubChanges {
  readonly endpoint?: string | undefined;
  readonly proxy?: string | null | undefined;
  readonly folder?: string | undefined;
  readonly token?: string | null | undefined;
}
/** Downloads from a Hugging Face hub; they outlive the project that is open. */
export interface HubService {
  settings(): HubSettings;
  updateSettings(changes: HubChanges): Promise<HubSettings>;
  downloads(): Download[];
  watch(signal?: AbortSignal): AsyncGenerator<Download[], void>;
  start(request: { repo: string; revision: string }): Promise<Download>;
  pause(id: number): Promise<Download>;
  resume(id: number): Promise<Download>;
  remove(id: number): Promise<void>;
  /** Pauses what runs. */
  dispose(): Promise<void>;
}

export interface EngineService {
  list(probe: boolean): Promise<EnginesResult>;
}

export interface Services {
  readonly project: ProjectService;
  readonly library: LibraryService;
  readonly annotate: AnnotateService;
  readonly models: ModelService;
  readonly runs: RunService;
  readonly codes: CodesService;
  readonly playground: PlaygroundService;
  readonly hub: HubService;
  readonly engines: EngineService;
}
