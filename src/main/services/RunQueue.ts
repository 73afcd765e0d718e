import { withLaterSettings } from '#core/laterSettings.ts';
import { FacetError, toFailure } from '#core/result.ts';
import type { Run } from '#shared/entities.ts';
import { type QueuedRun, queuedRunSchema, type RunQueueState, type RunRequest } from '#shared/runQueue.ts';
import { inTransaction } from '../data/transaction.ts';
import type { CurrentProject, OpenProject } from './OpenProject.ts';
import { joinSweep, sweepRecords } from './sweepRecords.ts';

const KEY = 'runQueue';

interface Options {
  readonly current: CurrentProject;
  /** Throws what stands against a run before anything of it is stored. */
  readonly check: (project: OpenProject, request: RunRequest) => void;
  /** `stored` belongs to the transaction that stores the run. */
  readonly start: (
    project: OpenProject,
    request: RunRequest,
    stored: (runId: number) => void,
  ) => Promise<Run>;
  /** Whether a run trains or is about to. */
  readonly isBusy: () => boolean;
  readonly log: (line: string) => void;
}

/**
 * Runs that wait, kept in the project: each is started when the one before it has ended, well or not. A run that is paused holds the
 * queue, and so does an opening of the project: whoever wants the machine has it until a person lets the queue go on.
 */
export class RunQueue {
  readonly #options: Options;
  #held: RunQueueState['held'] = null;

  constructor(options: Options) {
    this.#options = options;
  }

  state(project: OpenProject = this.#options.current.require()): RunQueueState {
    const runs = this.#stored(project);
    return { runs, held: runs.length === 0 ? null : this.#held };
  }

  /** Adds a run at the end; it starts at once where nothing stands before it. */
  async add(request: RunRequest): Promise<RunQueueState> {
    const project = this.#options.current.require();
    this.#options.check(project, request);
    await this.#change(project, (runs) => withRuns(runs, [request]));
    await this.next(project);
    return this.state(project);
  }

  /** Adds the runs of a sweep at the end, all or none; `stored` belongs to the same transaction. */
  async addGroup(requests: readonly RunRequest[], sweepId: number, stored: () => void): Promise<void> {
    const project = this.#options.current.require();
    // They have model and pairs in common; which pairs count depends on the objective.
    const objectives = new Map(requests.map((request) => [request.config.objective, request]));
    for (const request of objectives.values()) this.#options.check(project, request);
    const grouped = requests.map((request) => ({ ...request, sweepId }));
    await this.#changeWith(project, stored, (runs) => withRuns(runs, grouped));
    await this.next(project);
  }

  /** Takes what waits of a sweep off the queue. */
  async removeGroup(sweepId: number, stored: () => void): Promise<void> {
    const project = this.#options.current.require();
    await this.#changeWith(project, stored, (runs) => runs.filter((run) => run.sweepId !== sweepId));
  }

  async remove(id: number): Promise<RunQueueState> {
    const project = this.#options.current.require();
    await this.#change(project, (runs) => without(runs, id));
    return this.state(project);
  }

  /** Puts a run at a place of the queue, 0 the first. */
  async move(id: number, to: number): Promise<RunQueueState> {
    const project = this.#options.current.require();
    await this.#change(project, (runs) => {
      const others = without(runs, id);
      const moved = runs.filter((run) => run.id === id);
      return [...others.slice(0, to), ...moved, ...others.slice(to)];
    });
    return this.state(project);
  }

  /** A project that was just opened starts none of those that wait by itself. */
  opened(project: OpenProject): void {
    this.#held = this.#stored(project).length > 0 ? 'opened' : null;
  }
  hold(): void {
    this.#held = 'paused';
  }
  /** The run that was paused goes on: so does the queue, after it. */
  release(): void {
    if (this.#held === 'paused') this.#held = null;
  }

  /** Lets the queue go on; what could not be started is tried again. */
  async goOn(): Promise<RunQueueState> {
    const project = this.#options.current.require();
    this.#held = null;
    await this.#change(project, (runs) => runs.map((run) => ({ ...run, failure: null })));
    await this.next(project);
    return this.state(project);
  }

  /** Starts the first that can be, where no run trains and nothing holds the queue. */
  async next(project: OpenProject): Promise<void> {
    for (;;) {
      const paused = new Set(sweepRecords(project).flatMap((sweep) => (sweep.paused ? [sweep.id] : [])));
      const first = this.#stored(project).find(
        ({ failure, sweepId }) => failure === null && !(sweepId !== undefined && paused.has(sweepId)),
      );
      if (!first && this.#stored(project).length === 0) this.#held = null;
      if (!first || this.#held !== null || project.closing.signal.aborted || this.#options.isBusy()) return;
      const { id, sweepId, queuedAt: _, failure: __, ...request } = first;
      try {
        const taken = (runId: number): void => {
          this.#put(
            project,
            this.#stored(project).filter((run) => run.id !== id),
          );
          if (sweepId !== undefined) joinSweep(project, sweepId, runId);
        };
        await this.#options.start(project, request, taken);
        return;
      } catch (error) {
        if (!(error instanceof FacetError))
          this.#options.log(`queued run ${id}: ${toFailure(error).message}`);
        await this.#change(project, (runs) =>
          runs.map((run) => (run.id === id ? { ...run, failure: toFailure(error) } : run)),
        );
      }
    }
  }

  #stored(project: OpenProject): QueuedRun[] {
    const stored = (project.settings.get(KEY) ?? []) as QueuedRun[];
    return stored.map((run) => queuedRunSchema.parse({ ...run, config: withLaterSettings(run.config) }));
  }

  async #changeWith(
    project: OpenProject,
    stored: () => void,
    change: (runs: readonly QueuedRun[]) => QueuedRun[],
  ): Promise<void> {
    await project.writer.write(() =>
      inTransaction(project.database, () => {
        this.#put(project, change(this.#stored(project)));
        stored();
      }),
    );
  }

  async #change(project: OpenProject, change: (runs: readonly QueuedRun[]) => QueuedRun[]): Promise<void> {
    await project.writer.write(() => this.#put(project, change(this.#stored(project))));
  }

  #put(project: OpenProject, runs: readonly QueuedRun[]): void {
    project.settings.set(KEY, runs);
  }
}

function withRuns(
  runs: readonly QueuedRun[],
  requests: readonly (RunRequest & { readonly sweepId?: number })[],
): QueuedRun[] {
  const last = runs.reduce((largest, { id }) => Math.max(largest, id), 0);
  const queuedAt = new Date().toISOString();
  return [
    ...runs,
    ...requests.map((request, place) => ({ ...request, id: last + 1 + place, queuedAt, failure: null })),
  ];
}

function without(runs: readonly QueuedRun[], id: number): QueuedRun[] {
  const others = runs.filter((run) => run.id !== id);
  if (others.length < runs.length) return others;
  throw new FacetError({
    code: 'runs.not-queued',
    message: 'That run no longer waits: it has started, or was taken off the queue.',
    fix: 'Look at the list of runs.',
  });
}
