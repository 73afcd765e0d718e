import { join } from 'node:path';
import { codesOf } from '#core/methods.ts';
import { FacetError, type Failure, toFailure, unwrap } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import type { Run } from '#shared/entities.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import { FrameLog } from './FrameLog.ts';
import type { OpenProject } from './OpenProject.ts';
import { storeCodes, storePairResults } from './runOutputs.ts';

export interface ActiveRunRequest {
  readonly project: OpenProject;
  readonly compute: ComputeClient;
  readonly runId: number;
  readonly runDir: string;
  readonly modelDir: string;
  readonly config: RunConfig;
  /** Set where the run goes on from its last checkpoint; `frames` are stored already. */
  readonly resumed: { readonly frames: number } | null;
  readonly log: (line: string) => void;
}
interface Outcome {
  readonly state: Run['state'];
  readonly failure: Failure | null;
}

/** A run from its job to its stored end. Whatever happens on the way, it ends in a state that says so. */
export class ActiveRun {
  readonly runId: number;
  readonly frames: FrameLog;
  /** Settles, never rejects, once the run's end is stored. */
  readonly done: Promise<void>;
  readonly #request: ActiveRunRequest;
  readonly #stop = new AbortController();
  #pausing = false;

  constructor(request: ActiveRunRequest) {
    this.#request = request;
    this.runId = request.runId;
    this.frames = new FrameLog(
      request.project,
      request.runId,
      request.runDir,
      request.resumed?.frames ?? 0,
      (error) => this.#fault(error),
    );
    this.done = this.#execute();
  }

  /** Ends after the step under way; the codes are left for when it goes on. */
  pause(): void {
    this.#pausing = true;
    this.#stop.abort();
  }

  stop(): void {
    this.#stop.abort();
  }

  #fault(error: unknown): void {
    this.#request.log(
      `run ${this.runId}: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
    );
  }

  async #execute(): Promise<void> {
    let outcome: Outcome;
    try {
      outcome = await this.#train();
    } catch (error) {
      if (!(error instanceof FacetError)) this.#fault(error);
      const failure = toFailure(error);
      outcome =
        failure.code === 'job.stopped'
          ? { state: this.#pausing ? 'paused' : 'stopped', failure: null }
          : { state: 'failed', failure };
    }
    const { project } = this.#request;
    try {
      await this.frames.flush();
      await project.writer.write(() =>
        project.runs.end(this.runId, outcome.state, outcome.failure, new Date().toISOString()),
      );
    } catch (error) {
      this.#fault(error);
    }
    await this.frames.end().catch((error: unknown) => this.#fault(error));
  }

  async #train(): Promise<Outcome> {
    const { project, compute, runId, runDir, modelDir, config, resumed } = this.#request;
    const result = unwrap(
      await compute.run<'train'>(
        {
          kind: 'train',
          config,
          modelDir,
          datasetPath: join(runDir, 'dataset.jsonl'),
          runDir,
          cacheDir: join(project.filesDir, 'cache'),
          resume: resumed !== null,
        },
        {
          onFrame: (frame) => this.frames.append(frame),
          stop: this.#stop.signal,
          title: project.runs.get(runId).name,
        },
      ),
    );
    await storePairResults(project, runId, result.pairResultsPath);
    if (result.stopped && this.#pausing) return { state: 'paused', failure: null };
    if (codesOf(config) !== null) await this.#codes(result.checkpointDir, result.steps);
    return { state: result.stopped ? 'stopped' : 'finished', failure: null };
  }

  /** The run is trained either way: codes that cannot be read are reported, not a failed run. */
  async #codes(checkpointDir: string, step: number): Promise<void> {
    const { project, compute, runId, runDir, modelDir, config } = this.#request;
    // A stop asked for during training has done its work; the codes of what was trained are still wanted.
    const stop = project.closing.signal;
    const onFrame = (frame: RunFrame): void => {
      if (frame.type === 'phase') this.frames.append(frame);
    };
    try {
      await storeCodes(project, compute, {
        runId,
        step,
        runDir,
        modelDir,
        checkpointDir,
        engine: config.engine,
        onFrame,
        stop,
      });
    } catch (error) {
      if (!(error instanceof FacetError)) this.#fault(error);
      const { message, fix } = toFailure(error);
      this.frames.append({
        type: 'warning',
        step,
        code: 'codes.not-stored',
        message: `The codes of the prompts could not be read: ${message}`,
        fix: fix ?? 'Read them from the Codes screen.',
      });
    }
  }
}
