/** Reads p(z|x) of every prompt by each checkpoint that a run keeps, one after another, beside whatever else goes on. */
import { codesOf } from '#core/methods.ts';
import { FacetError, toFailure } from '#core/result.ts';
import type { PhaseFrame } from '#core/runFrames.ts';
import type { Run } from '#shared/entities.ts';
import type { ComputeClient, Ticket } from '../compute/ComputeClient.ts';
import type { ModelService } from './modelService.ts';
import type { OpenProject } from './OpenProject.ts';
import { checkpointAt, runDirectory } from './runCheckpoint.ts';
import { storeCodes } from './runOutputs.ts';

interface Place {
  readonly runId: number;
  readonly step: number;
}
const placeKey = ({ runId, step }: Place): string => `${runId}:${step}`;

interface Reading extends Place {
  readonly ticket: Ticket;
  readonly stop: AbortController;
  readonly listeners: Set<(frame: PhaseFrame) => void>;
  /** Settles, never rejects, with what it failed with. */
  readonly done: Promise<unknown>;
}

interface Options {
  readonly compute: ComputeClient;
  readonly models: ModelService;
  readonly log: (line: string) => void;
}

export const isAtWork = ({ state }: Pick<Run, 'state'>): boolean =>
  ['running', 'stopping', 'pausing'].includes(state);

export class KeptCodes {
  readonly #options: Options;
  #reading: Reading | null = null;
  #loop: Promise<void> | null = null;
  /** Being read because somebody asked for it. */
  readonly #asked = new Set<string>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Notes which checkpoints of a run that has ended are to be read. In a transaction of the caller. */
  static want(project: OpenProject, runId: number): void {
    const run = project.runs.get(runId);
    if (codesOf(run.config) === null) return;
    const stored = project.codes.steps(runId);
    const steps = [...new Set(run.checkpoints.map(({ step }) => step))];
    project.figures.wantCodes(
      runId,
      steps.filter((step) => !stored.includes(step)),
    );
  }

  /** Sets about what is wanted; returns at once. */
  begin(project: OpenProject): void {
    if (this.#loop !== null) return;
    this.#loop = this.#work(project).finally(() => {
      this.#loop = null;
      // What was asked for while the last one ended.
      if (this.#next(project) !== null) this.begin(project);
    });
    project.track(this.#loop);
  }

  /** Resolves once nothing of the run is wanted any more, or the project closes. */
  async settled(project: OpenProject, runId: number): Promise<void> {
    while (this.#loop !== null && project.figures.wanted().some((place) => place.runId === runId)) {
      await (this.#reading?.done ?? this.#loop);
    }
  }

  /** Reads one checkpoint before all others; yields how far it is. Ended early, it leaves what was there. */
  async read(
    project: OpenProject,
    runId: number,
    step: number,
    signal: AbortSignal,
    onFrame: (frame: PhaseFrame) => void,
  ): Promise<void> {
    const before = this.#reading;
    const going = before?.runId === runId && before.step === step ? before : null;
    const reading = going ?? this.#read(project, runId, step, 'first');
    const key = placeKey({ runId, step });
    if (!going) this.#asked.add(key);
    const stop = (): void => reading.stop.abort();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    reading.listeners.add(onFrame);
    reading.ticket.priority = 'first';
    try {
      const failed = await reading.done;
      if (failed !== null) throw failed;
    } finally {
      this.#asked.delete(key);
      reading.listeners.delete(onFrame);
      signal.removeEventListener('abort', stop);
    }
  }

  /** A run that goes on replaces its checkpoints. */
  async drop(project: OpenProject, runId: number): Promise<void> {
    await project.writer.write(() => project.figures.settleAll(runId));
    if (this.#reading?.runId !== runId) return;
    this.#reading.stop.abort();
    await this.#reading.done;
  }

  #next(project: OpenProject): Place | null {
    if (project.closing.signal.aborted) return null;
    const isFree = (place: Place): boolean =>
      !this.#asked.has(placeKey(place)) && !isAtWork(project.runs.get(place.runId));
    return project.figures.wanted().find(isFree) ?? null;
  }

  async #work(project: OpenProject): Promise<void> {
    for (;;) {
      const place = this.#next(project);
      if (place === null) return;
      const reading = this.#read(project, place.runId, place.step, 'last');
      this.#reading = reading;
      const failed = await reading.done;
      this.#reading = null;
      // The next start goes on from where it is.
      if (project.closing.signal.aborted) return;
      await project.writer.write(() => {
        if (failed !== null) this.#report(project, place, failed);
        project.figures.settle(place.runId, place.step);
      });
    }
  }

  #read(project: OpenProject, runId: number, step: number, priority: Ticket['priority']): Reading {
    const ticket: Ticket = { priority };
    const stop = new AbortController();
    const listeners = new Set<(frame: PhaseFrame) => void>();
    const work = async (): Promise<null> => {
      const run = project.runs.get(runId);
      await storeCodes(project, this.#options.compute, {
        runId,
        step,
        runDir: runDirectory(project, runId),
        modelDir: this.#options.models.get(run.modelId).path,
        checkpointDir: checkpointAt(project, runId, step).folder,
        engine: run.config.engine,
        ticket,
        onFrame: (frame) => {
          if (frame.type === 'phase') for (const listener of listeners) listener(frame);
        },
        stop: AbortSignal.any([stop.signal, project.closing.signal]),
      });
      await project.writer.write(() => project.figures.settle(runId, step));
      return null;
    };
    const done = work().catch((error: unknown) => error);
    return { runId, step, ticket, stop, listeners, done };
  }

  /** The run is trained either way: codes that cannot be read are reported, not a failed run. */
  #report(project: OpenProject, { runId, step }: Place, error: unknown): void {
    const { code, message, fix } = toFailure(error);
    // Somebody's own wish.
    if (code === 'job.stopped') return;
    if (!(error instanceof FacetError)) this.#options.log(`codes of run ${runId}: ${message}`);
    project.runs.addFrame(runId, {
      type: 'warning',
      step,
      code: 'codes.not-stored',
      message: `The codes of the prompts could not be read: ${message}`,
      fix: fix ?? 'Read them from the Codes screen.',
    });
  }
}
