import { mkdir, rm } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import type { ScoreResult } from '#core/jobs.ts';
import { FacetError, toFailure, unwrap } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { FigureEntry, FigureFormat } from '#core/runFigures.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { requireRules } from '#core/runRules.ts';
import { writeJsonLines } from '#disk/lines.ts';
import type { Inputs, Outputs } from '#shared/contract.ts';
import type { PairSelection, Run } from '#shared/entities.ts';
import type { ExportResult, PolicyChoice } from '#shared/policyEntities.ts';
import type { HeldOutAsk, RunPairs } from '#shared/runPairs.ts';
import type { ComputeClient, ComputeOptions } from '../compute/ComputeClient.ts';
import { labelledPairs } from '../data/trainingPairs.ts';
import { countSingles } from '../data/trainingSingles.ts';
import { inTransaction } from '../data/transaction.ts';
import { ActiveRun } from './ActiveRun.ts';
import { endInterrupted } from './endInterrupted.ts';
import { exportRun } from './exportRun.ts';
import type { HubService } from './hubService.ts';
import type { KeptCodes } from './KeptCodes.ts';
import type { ModelService } from './modelService.ts';
import type { CurrentProject, OpenProject } from './OpenProject.ts';
import { RunQueue } from './RunQueue.ts';
import { checkpointOf, runDirectory } from './runCheckpoint.ts';
import { type SavedFigures, saveFigures, storedFigures, writeFigures } from './runFigures.ts';
import { type RunNames, removeDeleted, runNames } from './runNames.ts';
import { heldOutOf, stepPairs } from './runPairs.ts';
import { scoreFile } from './scoreFile.ts';
import { noPairs, selectPairs, type TrainingRows } from './selectPairs.ts';
import { startPlace } from './startPlace.ts';

export interface RunService extends RunNames {
  readonly queue: RunQueue;
  list(): Run[];
  get(runId: number): Run;
  countPairs(selection: PairSelection): Outputs['runs']['countPairs'];
  estimate(request: Inputs['runs']['estimate'], signal?: AbortSignal): Promise<Outputs['runs']['estimate']>;
  /** Returns once the run is stored and its job is on its way. */
  start(request: Inputs['runs']['start']): Promise<Run>;
  /** Stored frames first, then live ones until the run has ended and its codes are stored. */
  frames(runId: number, signal?: AbortSignal): AsyncGenerator<RunFrame, void>;
  stop(runId: number): Promise<Run>;
  /** Resolves when the run has ended, well or not, and its codes are stored. */
  wait(runId: number): Promise<Run>;
  /** Writes the last checkpoint, then ends as `paused`. */
  pause(runId: number): Promise<Run>;
  /**
   * Goes on from the last checkpoint as if it had never stopped, or begins anew where none was written yet. With a token budget below its
   * own the pairs of each step stay the same and are computed in shorter rows, for the rest of the run.
   */
  resume(runId: number, tokenBudget?: number): Promise<Run>;
  /** Steps and evaluations as entries of `log_history`. */
  figures(runId: number): Promise<FigureEntry[]>;
  /** The same as a new file in a folder, or as the file that is named. */
  saveFigures(request: Inputs['runs']['saveFigures']): Promise<SavedFigures>;
  writeFigures(runId: number, format: FigureFormat, path: string): Promise<SavedFigures>;
  stepPairs(runId: number, step: number): Promise<RunPairs>;
  heldOutPairs(ask: HeldOutAsk): Promise<RunPairs>;
  /** A folder in `parent` that other tools read; complete or absent. */
  export(request: Inputs['runs']['export']): Promise<ExportResult>;
  /** Margins on any pair file by a checkpoint of a run over its own model; `runId` null scores `modelId` as it is. */
  score(
    request: PolicyChoice & { file: string; outputPath?: string | undefined },
    options?: ComputeOptions,
  ): Promise<ScoreResult>;
}

export interface RunServiceOptions {
  readonly current: CurrentProject;
  readonly compute: ComputeClient;
  readonly models: ModelService;
  readonly kept: KeptCodes;
  /** See `HubService`. */
  readonly fetchedFrom: HubService['fetchedFrom'];
  /** Goes on at once with the codes that were still to be read when the project was closed. */
  readonly readsOnOpen: boolean;
  readonly version: string;
  readonly log: (line: string) => void;
}
export interface RunLifecycle {
  afterOpen(project: OpenProject): void;
  beforeClose(project: OpenProject): Promise<void>;
}

const now = (): string => new Date().toISOString();

export function runService(options: RunServiceOptions): { service: RunService; lifecycle: RunLifecycle } {
  const { current, compute, models, kept, fetchedFrom, readsOnOpen, version, log } = options;
  let active: ActiveRun | null = null;
  let starting: Promise<unknown> | null = null;
  const queue = new RunQueue({
    current,
    check: (project, { modelId, config, selection }) => {
      modelFolder(modelId);
      startPlace(project, config, modelId);
      requireRules(config, models.get(modelId).info);
      selectPairs(project, selection, config);
    },
    start: (project, request, stored) => alone(() => launch(project, request, stored)),
    isBusy: () => active !== null || starting !== null,
    log,
  });
  const follow = (project: OpenProject, run: ActiveRun): void => {
    active = run;
    void run.done.then(() => {
      if (active === run) active = null;
      kept.begin(project);
      project.track(queue.next(project));
    });
  };

  const modelFolder = (modelId: number): string => {
    const model = models.get(modelId);
    if (model.exists) return model.path;
    throw new FacetError({
      code: 'models.gone',
      message: `The folder of ${model.name} no longer exists: ${model.path}.`,
      fix: 'Put it back, or add the model from its new place.',
      where: { file: model.path },
    });
  };

  /** A reference is one of the models that were added, and no other place of the disk. */
  const requireReference = async ({ referenceModel }: RunConfig): Promise<void> => {
    if (referenceModel === null) return;
    const known = (await models.list()).find(({ path, exists }) => exists && path === referenceModel);
    if (known !== undefined) return;
    throw new FacetError({
      code: 'models.unknown-reference',
      message: `The reference ${referenceModel} is none of the models that were added.`,
      fix: 'Add it as a model first, or choose another reference.',
      where: { file: referenceModel, field: 'referenceModel' },
    });
  };

  /** The pairs that the run trains on, in its folder. Throws `runs.no-pairs`. */
  const writeDataset = async (project: OpenProject, runId: number, rows: TrainingRows): Promise<void> => {
    const runDir = runDirectory(project, runId);
    await mkdir(runDir, { recursive: true });
    const sha256 = await writeJsonLines(join(runDir, 'dataset.jsonl'), rows.read());
    await project.writer.write(() => {
      project.setAside.put(rows.unreadable, now());
      project.runs.setDataset(runId, sha256, rows.count - rows.left());
    });
    if (rows.left() === rows.count) throw noPairs(project.runs.get(runId).config);
  };

  /** Stores the run and its dataset, then sets it going. */
  const launch = async (
    project: OpenProject,
    { name, modelId, config, selection }: Inputs['runs']['start'],
    stored: (runId: number) => void = () => undefined,
  ): Promise<Run> => {
    const modelDir = modelFolder(modelId);
    const startDir = startPlace(project, config, modelId);
    await requireReference(config);
    requireRules(config, models.get(modelId).info);
    const rows = selectPairs(project, selection, config);
    const runId = await project.writer.write(() =>
      inTransaction(project.database, () => {
        const inserted = project.runs.insert({
          name: name?.trim() || `Run ${project.runs.list().length + 1}`,
          modelId,
          config,
          selection,
          pairs: rows.count,
          codeVersion: version,
          startedAt: now(),
        });
        stored(inserted);
        return inserted;
      }),
    );
    const runDir = runDirectory(project, runId);
    try {
      await writeDataset(project, runId, rows);
    } catch (error) {
      await project.writer.write(() => project.runs.end(runId, 'failed', toFailure(error), now()));
      throw error;
    }
    const request = { project, compute, runId, runDir, modelDir, startDir, config, resumed: null, log };
    follow(project, new ActiveRun(request));
    return project.runs.get(runId);
  };

  /** Sets an ended run going again from its last checkpoint, or from its beginning where there is none yet. */
  const relaunch = async (project: OpenProject, runId: number, rowTokens?: number): Promise<Run> => {
    const { config, modelId, name, resumable, selection } = project.runs.get(runId);
    const last = project.runs.checkpoints(runId).find(({ kind }) => kind === 'last');
    if (!resumable) {
      throw new FacetError({
        code: 'runs.not-resumable',
        message: `${name} can't be resumed: it is done, or failed before its first checkpoint.`,
        fix: 'Start a new run.',
      });
    }
    if (rowTokens !== undefined && rowTokens >= config.tokenBudget)
      throw new FacetError({
        code: 'runs.not-smaller',
        message: `${name} has a token budget of ${config.tokenBudget}; it can go on with a smaller one alone, not with ${rowTokens}.`,
        fix: 'Give a smaller one, or resume it without.',
        where: { field: 'tokenBudget' },
      });
    const modelDir = modelFolder(modelId);
    // Facet can be killed before a run has its pairs.
    if (project.runs.datasetHash(runId) === null)
      await writeDataset(project, runId, selectPairs(project, selection, config));
    // A checkpoint holds what its run started from.
    const startDir = last ? null : startPlace(project, config, modelId);
    await kept.drop(project, runId);
    const frames = await project.writer.write(() => project.runs.reopen(runId, last?.step ?? null));
    const runDir = runDirectory(project, runId);
    const resumed = last ? { frames } : null;
    const request = { project, compute, runId, runDir, modelDir, startDir, config, resumed, rowTokens, log };
    follow(project, new ActiveRun(request));
    return project.runs.get(runId);
  };

  /** One run trains at a time. */
  const alone = async (launching: () => Promise<Run>): Promise<Run> => {
    if (active || starting) {
      throw new FacetError({
        code: 'runs.already-running',
        message: 'A run is training already.',
        fix: 'Wait for it to end, stop it, or let this one wait in the queue.',
      });
    }
    const launched = launching();
    starting = launched.catch(() => undefined);
    try {
      return await launched;
    } finally {
      starting = null;
    }
  };

  /** Asks the active run to end, and stores that it was asked. */
  const ask = async (runId: number, state: 'stopping' | 'pausing'): Promise<Run> => {
    const project = current.require();
    const run = active;
    if (run?.runId !== runId) {
      throw new FacetError({
        code: 'runs.not-running',
        message: `${project.runs.get(runId).name} is not running.`,
        fix: 'Nothing needs to be done.',
      });
    }
    if (state === 'stopping') run.stop();
    else {
      queue.hold();
      run.pause();
    }
    await project.writer.write(() => {
      if (project.runs.get(runId).state === 'running') project.runs.setState(runId, state);
    });
    return project.runs.get(runId);
  };

  const service: RunService = {
    ...runNames(current, kept),
    queue,
    list: () => current.require().runs.list(),
    get: (runId) => current.require().runs.get(runId),
    countPairs: (selection) => {
      const pairs = labelledPairs(current.require().database, selection);
      const prompts = new Set(pairs.map(({ promptId }) => promptId)).size;
      const { database, setAside } = current.require();
      const singles = countSingles(database, selection);
      return { pairs: pairs.length, prompts, singles, setAside: setAside.count() };
    },
    estimate: async ({ modelId, config, selection }, signal) => {
      const project = current.require();
      const modelDir = modelFolder(modelId);
      const rows = selectPairs(project, selection, config);
      const folder = join(project.filesDir, 'estimates');
      const datasetPath = join(folder, `${process.hrtime.bigint()}.jsonl`);
      await mkdir(folder, { recursive: true });
      try {
        await writeJsonLines(datasetPath, rows.read());
        await project.writer.write(() => project.setAside.put(rows.unreadable, now()));
        if (rows.left() === rows.count) throw noPairs(config);
        const startDir = startPlace(project, config, modelId) ?? undefined;
        const job = { kind: 'estimate', config, modelDir, startDir, datasetPath } as const;
        const stop = AbortSignal.any([project.closing.signal, ...(signal ? [signal] : [])]);
        return { ...unwrap(await compute.run<'estimate'>(job, { stop })), memoryBytes: totalmem() };
      } finally {
        await rm(datasetPath, { force: true });
      }
    },
    start: async (request) => {
      const project = current.require();
      return alone(() => launch(project, request));
    },
    resume: async (runId, tokenBudget) => {
      const project = current.require();
      const resumed = await alone(() => relaunch(project, runId, tokenBudget));
      queue.release();
      return resumed;
    },
    async *frames(runId, signal) {
      const project = current.require();
      project.runs.get(runId);
      if (active?.runId === runId) {
        yield* active.frames.read(signal);
        return;
      }
      const page = 500;
      for (let from = 0; ; from += page) {
        const frames = project.runs.frames(runId, from, page);
        yield* frames;
        if (frames.length < page || signal?.aborted) return;
      }
    },
    stop: (runId) => ask(runId, 'stopping'),
    pause: (runId) => ask(runId, 'pausing'),
    wait: async (runId) => {
      const project = current.require();
      if (active?.runId === runId) await active.done;
      await kept.settled(project, runId);
      return project.runs.get(runId);
    },
    figures: (runId) => storedFigures(current.require(), runId),
    saveFigures: (request) => saveFigures(current.require(), request),
    writeFigures: (runId, format, path) => writeFigures(current.require(), runId, format, path),
    stepPairs: (runId, step) => stepPairs(current.require(), runId, step),
    heldOutPairs: (ask) => heldOutOf(current.require(), ask),
    export: (request) => exportRun(current.require(), compute, models, modelFolder, fetchedFrom, request),
    score: ({ file, modelId, runId, checkpoint, outputPath }, computeOptions) => {
      const project = current.require();
      const run = runId === null ? null : project.runs.get(runId);
      const request = {
        file: resolve(file),
        outputPath,
        modelDir: modelFolder(run?.modelId ?? modelId),
        checkpointDir: run && checkpointOf(project, run.id, checkpoint ?? null),
        engine: run?.config.engine ?? ('auto' as const),
      };
      return scoreFile(project, compute, request, computeOptions);
    },
  };
  const lifecycle: RunLifecycle = {
    afterOpen: (project) => {
      endInterrupted(project);
      queue.opened(project);
      project.track(removeDeleted(project, log));
      if (readsOnOpen) kept.begin(project);
    },
    beforeClose: async () => {
      await starting;
      active?.stop();
      await active?.done;
    },
  };
  return { service, lifecycle };
}
