import { join } from 'node:path';
import { FacetError, type Failure, toFailure, unwrap } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { Run } from '#shared/entities.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import { WITHOUT_MEMORY, withKept } from './brokenOff.ts';
import { FrameLog } from './FrameLog.ts';
import { KeptCodes } from './KeptCodes.ts';
import type { OpenProject } from './OpenProject.ts';
import { storeKeptResults } from './runOutputs.ts';

export interface ActiveRunRequest {
  readonly project: OpenProject;
  readonly compute: ComputeClient;
  readonly runId: number;
  readonly runDir: string;
  readonly modelDir: string;
  /** Of what it starts from; null for the model itself, and where a checkpoint holds it. */
  readonly startDir: string | null;
  readonly config: RunConfig;
  /** Set where the run goes on from its last checkpoint; `frames` are stored already. */
  readonly resumed: { readonly frames: number } | null;
  /** See `TrainJob`. */
  readonly rowTokens?: number | undefined;
  readonly log: (line: string) => void;
}
/** Until an end that could not be stored is tried again. */
const STORED_AGAIN_MS = 5000;

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

  /** Ends after the step under way. */
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
          : await this.#broken(failure);
    }
    await this.#storeEnd(outcome, new Date().toISOString());
    await this.frames.end().catch((error: unknown) => this.#fault(error));
  }

  /** A run without memory waits for whoever gives it a smaller budget; any other end is a failure. */
  async #broken(failure: Failure): Promise<Outcome> {
    return {
      state: WITHOUT_MEMORY.includes(failure.code) ? 'paused' : 'failed',
      failure: await this.#withKept(failure),
    };
  }

  async #writeEnd({ state, failure }: Outcome, at: string): Promise<void> {
    const { project } = this.#request;
    await this.frames.flush();
    await storeKeptResults(project, this.runId).catch((error: unknown) => this.#fault(error));
    await project.writer.write(() => {
      project.runs.end(this.runId, state, failure, at);
      KeptCodes.want(project, this.runId);
    });
  }

  /** On a disk that takes nothing the run is shown as ended, and stored so once there is room. */
  async #storeEnd(outcome: Outcome, at: string): Promise<void> {
    const { runs, closing } = this.#request.project;
    try {
      await this.#writeEnd(outcome, at);
    } catch (error) {
      this.#fault(error);
      runs.holdEnd(this.runId, { ...outcome, endedAt: at });
      const timer = setInterval(() => {
        // Set going again, or stored, meanwhile.
        if (!runs.isHeld(this.runId)) return clearInterval(timer);
        this.#writeEnd(outcome, at).catch(() => undefined);
      }, STORED_AGAIN_MS);
      timer.unref();
      closing.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
    }
  }

  /** What of the run is there is known once its frames are stored. */
  async #withKept(failure: Failure): Promise<Failure> {
    await this.frames.flush().catch((error: unknown) => this.#fault(error));
    return withKept(failure, this.#request.project.runs.get(this.runId));
  }

  async #train(): Promise<Outcome> {
    const { project, compute, runId, runDir, modelDir, startDir, config, resumed, rowTokens } = this.#request;
    const result = unwrap(
      await compute.run<'train'>(
        {
          kind: 'train',
          config,
          modelDir,
          ...(startDir !== null && { startDir }),
          datasetPath: join(runDir, 'dataset.jsonl'),
          runDir,
          cacheDir: join(project.filesDir, 'cache'),
          resume: resumed !== null,
          ...(rowTokens !== undefined && { rowTokens }),
        },
        {
          onFrame: (frame) => this.frames.append(frame),
          stop: this.#stop.signal,
          title: project.runs.get(runId).name,
        },
      ),
    );
    if (result.stopped && this.#pausing) return { state: 'paused', failure: null };
    return { state: result.stopped ? 'stopped' : 'finished', failure: null };
  }
}
