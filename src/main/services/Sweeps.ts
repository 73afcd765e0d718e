import { isBetter } from '#core/bestCheckpoint.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { EvaluationFrame } from '#core/runFrames.ts';
import type { Run } from '#shared/entities.ts';
import { planRuns, valueAt } from '#shared/sweep.ts';
import type { Sweep, SweepRequest, SweepRow, SweepTable } from '#shared/sweepContract.ts';
import type { ModelService } from './modelService.ts';
import type { CurrentProject, OpenProject } from './OpenProject.ts';
import type { RunService } from './runService.ts';
import { changeSweep, putSweeps, type SweepRecord, sweepRecord, sweepRecords } from './sweepRecords.ts';

/** The best by the run's own rule. */
function bestOf(config: RunConfig, evaluations: readonly EvaluationFrame[]): EvaluationFrame | null {
  let best: EvaluationFrame | null = null;
  for (const frame of evaluations) if (isBetter(config.bestBy, frame, best)) best = frame;
  return best;
}

const isActive = ({ state }: Run): boolean => ['running', 'stopping', 'pausing'].includes(state);

interface Seen {
  /** Runs that were not deleted. */
  readonly known: ReadonlySet<number>;
  /** Runs in the queue, by sweep. */
  readonly waiting: ReadonlyMap<number, number>;
}

function told({ bestBy: _, ...sweep }: SweepRecord, { known, waiting }: Seen): Sweep {
  return {
    ...sweep,
    runIds: sweep.runIds.filter((runId) => known.has(runId)),
    waiting: waiting.get(sweep.id) ?? 0,
  };
}

/** Groups of runs that differ in one or two settings and in their seeds: each waits in the queue as any other run does. */
export class Sweeps {
  readonly #current: CurrentProject;
  readonly #runs: RunService;
  readonly #models: ModelService;

  constructor(current: CurrentProject, runs: RunService, models: ModelService) {
    this.#current = current;
    this.#runs = runs;
    this.#models = models;
  }

  list(): Sweep[] {
    const project = this.#current.require();
    const seen = this.#seen(project);
    return sweepRecords(project)
      .map((record) => told(record, seen))
      .filter(({ runIds, waiting }) => runIds.length > 0 || waiting > 0)
      .reverse();
  }

  /** Throws `sweep.*`, and what stands against any of its runs, before anything is stored. */
  async start({ axes, seeds, name, config, ...request }: SweepRequest): Promise<Sweep> {
    const project = this.#current.require();
    const planned = planRuns(config, axes, seeds, this.#models.get(request.modelId).info);
    const id = sweepRecords(project).reduce((largest, sweep) => Math.max(largest, sweep.id), 0) + 1;
    const title = name?.trim() || `Sweep ${id}`;
    const record: SweepRecord = {
      ...{ id, name: title, axes: [...axes], seeds: [...seeds], bestBy: config.bestBy },
      ...{ startedAt: new Date().toISOString(), runIds: [], paused: false, cancelled: false },
    };
    await this.#runs.queue.addGroup(
      planned.map((run) => ({ ...request, config: run.config, name: `${title}: ${run.words}` })),
      id,
      () => putSweeps(project, [...sweepRecords(project), record]),
    );
    return this.#tell(project, id);
  }

  table(id: number): SweepTable {
    const project = this.#current.require();
    const record = sweepRecord(project, id);
    const byId = new Map(project.runs.list().map((run) => [run.id, run]));
    const begun = record.runIds.flatMap((runId) => byId.get(runId) ?? []);
    const waiting = this.#runs.queue.state(project).runs.filter(({ sweepId }) => sweepId === id);
    const values = (config: RunConfig) => record.axes.map(({ field }) => valueAt(config, field));
    const rows: SweepRow[] = [
      ...begun.map((run) => this.#row(project, run, values(run.config))),
      ...waiting.map(({ name, config }) => ({
        ...{
          runId: null,
          name: name ?? '',
          values: values(config),
          seed: config.seed,
          state: 'waiting' as const,
        },
        ...{ step: 0, steps: config.steps, figures: null, causalRecovery: null },
      })),
    ];
    return { ...this.#tell(project, id), bestBy: record.bestBy, rows };
  }

  async pause(id: number): Promise<Sweep> {
    const project = this.#current.require();
    const { runIds } = sweepRecord(project, id);
    await project.writer.write(() => changeSweep(project, id, { paused: true }));
    const training = project.runs.list().find((run) => run.state === 'running' && runIds.includes(run.id));
    if (training) await this.#runs.pause(training.id);
    return this.#tell(project, id);
  }

  /** Resumes its run that was paused, or broken off with its project, and lets the queue go on. */
  async goOn(id: number): Promise<Sweep> {
    const project = this.#current.require();
    const { runIds } = sweepRecord(project, id);
    await project.writer.write(() => changeSweep(project, id, { paused: false }));
    const runs = project.runs.list();
    const rested = runs.find(
      (run) => run.resumable && ['paused', 'stopped'].includes(run.state) && runIds.includes(run.id),
    );
    if (rested && !runs.some(isActive)) await this.#runs.resume(rested.id);
    await this.#runs.queue.goOn();
    return this.#tell(project, id);
  }

  async cancel(id: number): Promise<Sweep> {
    const project = this.#current.require();
    const { runIds } = sweepRecord(project, id);
    await this.#runs.queue.removeGroup(id, () =>
      changeSweep(project, id, { cancelled: true, paused: false }),
    );
    const training = project.runs.list().find((run) => isActive(run) && runIds.includes(run.id));
    if (training) await this.#runs.stop(training.id);
    return this.#tell(project, id);
  }

  #tell(project: OpenProject, id: number): Sweep {
    return told(sweepRecord(project, id), this.#seen(project));
  }

  #seen(project: OpenProject): Seen {
    const waiting = new Map<number, number>();
    for (const { sweepId } of this.#runs.queue.state(project).runs)
      if (sweepId !== undefined) waiting.set(sweepId, (waiting.get(sweepId) ?? 0) + 1);
    return { known: new Set(project.runs.list().map((run) => run.id)), waiting };
  }

  #row(project: OpenProject, run: Run, values: SweepRow['values']): SweepRow {
    const evaluations = project.runs.evaluations(run.id);
    const best = bestOf(run.config, evaluations);
    const { id: runId, name, state, step, config } = run;
    return {
      ...{ runId, name, values, seed: config.seed, state, step, steps: config.steps },
      figures: best && {
        ...{ step: best.step, pairs: best.pairs, loss: best.loss, accuracy: best.accuracy },
        ...{ accuracyLow: best.accuracyLow, accuracyHigh: best.accuracyHigh, codesInUse: best.codesInUse },
      },
      causalRecovery: evaluations.at(-1)?.causalRecovery ?? null,
    };
  }
}
