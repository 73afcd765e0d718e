import { constants, setPriority } from 'node:os';
import type { Job, JobResults } from '#core/jobs.ts';
import type { Result } from '#core/result.ts';
import { fail } from '#core/result.ts';
import { JOB_PRIORITIES } from '#shared/work.ts';
import type { ComputeClient, ComputeOptions, JobOf, Ticket } from './ComputeClient.ts';
import { ENDS_AT_ONCE, LANE_OF, LANE_PROCESSES, type Lane } from './lanes.ts';
import type { StartWorker } from './WorkerLink.ts';
import { WorkerProcess } from './WorkerProcess.ts';

/** An idle process keeps its model loaded this long, so that the next probe is quick. */
const idleMs = 120_000;
/** What a job has to end by itself before its process is ended. */
const usualGraceMs = 1_000;
/** A process that doesn't turn its event loop for this long after a stop is ended; a step of a slow engine may take a while. */
const usualStopGraceMs = 30_000;
const closed = { code: 'compute.closed', message: 'Facet is closing.', fix: 'Open Facet again.' };
const cancelled = {
  code: 'job.stopped',
  message: 'Stopped before it was finished.',
  fix: 'Start it again.',
};

export interface WorkerPool extends ComputeClient {
  /** Process ids of the live compute processes. */
  pids(): number[];
}

export interface PoolOptions {
  /** Processes for training, where several runs are to train at once. */
  readonly maxProcesses?: number;
  /** Long work leaves the processor to what a person does meanwhile. */
  readonly yielding?: boolean;
  readonly graceMs?: number;
  /** What any job has to be heard by. */
  readonly stopGraceMs?: number;
}

interface Waiting {
  readonly ticket: Ticket;
  readonly wake: () => void;
}
interface LaneState {
  readonly size: number;
  readonly workers: Map<WorkerProcess, NodeJS.Timeout | null>;
  readonly waiting: Waiting[];
}

/** Compute processes, started when a job needs one, replaced when they die, ended when idle. */
export function createWorkerPool(
  startWorker: StartWorker,
  {
    maxProcesses = 1,
    yielding = false,
    graceMs = usualGraceMs,
    stopGraceMs = usualStopGraceMs,
  }: PoolOptions = {},
): WorkerPool {
  const laneOf = (lane: Lane): LaneState => ({
    size: lane === 'training' ? maxProcesses : LANE_PROCESSES[lane],
    workers: new Map(),
    waiting: [],
  });
  const lanes = { training: laneOf('training'), work: laneOf('work'), asked: laneOf('asked') };
  let disposed = false;

  /** The first of those of the highest priority. */
  function wakeNext({ waiting }: LaneState): void {
    for (const priority of JOB_PRIORITIES) {
      const place = waiting.findIndex(({ ticket }) => ticket.priority === priority);
      if (place < 0) continue;
      waiting.splice(place, 1)[0]?.wake();
      return;
    }
  }

  function add(name: Lane, lane: LaneState): WorkerProcess {
    const link = startWorker();
    const left = (): void => {
      const timer = lane.workers.get(worker);
      if (timer) clearTimeout(timer);
      lane.workers.delete(worker);
      wakeNext(lane);
    };
    // Where the system refuses, it shares the processor as it likes.
    const ready = (): void => {
      if (yielding && name !== 'asked' && link.pid !== undefined) lower(link.pid);
    };
    const worker: WorkerProcess = new WorkerProcess(link, {
      onExit: left,
      onReady: ready,
      stopGraceMs,
    });
    lane.workers.set(worker, null);
    return worker;
  }

  /** null where the pool is closed or `stop` came first. */
  async function acquire(name: Lane, ticket: Ticket, stop?: AbortSignal): Promise<WorkerProcess | null> {
    const lane = lanes[name];
    for (;;) {
      if (disposed) return null;
      if (stop?.aborted && name !== 'training') return null;
      const idle = [...lane.workers.keys()].find((worker) => !worker.busy);
      const worker = idle ?? (lane.workers.size < lane.size ? add(name, lane) : null);
      worker?.reserve();
      if (worker) return worker;
      await new Promise<void>((resolve) => {
        const entry: Waiting = { ticket, wake: resolve };
        lane.waiting.push(entry);
        const leave = (): void => {
          const place = lane.waiting.indexOf(entry);
          if (place >= 0) lane.waiting.splice(place, 1);
          resolve();
        };
        stop?.addEventListener('abort', leave, { once: true });
      });
    }
  }

  function endWhenIdle(lane: LaneState, worker: WorkerProcess): void {
    if (!lane.workers.has(worker)) return;
    const timer = setTimeout(() => worker.kill(closed), idleMs);
    timer.unref();
    lane.workers.set(worker, timer);
    wakeNext(lane);
  }

  /** Their warm models would hold memory that a run needs. */
  function endIdle({ workers }: LaneState): void {
    for (const worker of [...workers.keys()]) if (!worker.busy) worker.kill(closed);
  }

  return {
    pids: () =>
      Object.values(lanes).flatMap(({ workers }) => [...workers.keys()].flatMap(({ pid }) => pid ?? [])),
    run: async <K extends Job['kind']>(job: JobOf<K>, options: ComputeOptions = {}) => {
      const name = LANE_OF[job.kind];
      const lane = lanes[name];
      const { stop } = options;
      const ticket = options.ticket ?? { priority: 'normal' };
      const worker = await acquire(name, ticket, stop);
      if (!worker) return fail(disposed ? closed : cancelled);
      if (job.kind === 'train') for (const other of [lanes.work, lanes.asked]) endIdle(other);
      const timer = lane.workers.get(worker);
      if (timer) clearTimeout(timer);
      lane.workers.set(worker, null);
      ticket.onStart?.();
      let overdue: NodeJS.Timeout | null = null;
      const watch = (): void => {
        overdue = setTimeout(() => worker.kill(cancelled), graceMs);
      };
      if (ENDS_AT_ONCE.has(job.kind)) {
        if (stop?.aborted) watch();
        else stop?.addEventListener('abort', watch, { once: true });
      }
      const result = await worker.run(job, options);
      stop?.removeEventListener('abort', watch);
      if (overdue !== null) clearTimeout(overdue);
      endWhenIdle(lane, worker);
      // The worker answers a job with the result of its own kind.
      return result as Result<JobResults[K]>;
    },
    dispose: async () => {
      disposed = true;
      for (const { workers, waiting } of Object.values(lanes)) {
        for (const worker of workers.keys()) worker.kill(closed);
        for (const { wake } of waiting.splice(0)) wake();
      }
    },
  };
}

function lower(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Gone already, or not ours to change: it computes all the same.
  }
}
