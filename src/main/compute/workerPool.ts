import type { Job, JobResults } from '#core/jobs.ts';
import type { Result } from '#core/result.ts';
import { fail } from '#core/result.ts';
import type { ComputeClient, ComputeOptions, JobOf } from './ComputeClient.ts';
import type { StartWorker } from './WorkerLink.ts';
import { WorkerProcess } from './WorkerProcess.ts';

/** One process trains while the other answers a probe. */
const usualProcesses = 2;
/** An idle process keeps its model loaded this long, so that the next probe is quick. */
const idleMs = 120_000;
/** A process that doesn't turn its event loop for this long after a stop is ended; a step of a slow engine may take a while. */
const usualStopGraceMs = 30_000;
const closed = { code: 'compute.closed', message: 'Facet is closing.', fix: 'Open Facet again.' };

export interface WorkerPool extends ComputeClient {
  /** Process ids of the live compute processes. */
  pids(): number[];
}

/** Compute processes, started when a job needs one, replaced when they die, ended when idle. */
export function createWorkerPool(
  startWorker: StartWorker,
  {
    maxProcesses = usualProcesses,
    stopGraceMs = usualStopGraceMs,
  }: { readonly maxProcesses?: number; readonly stopGraceMs?: number } = {},
): WorkerPool {
  const workers = new Map<WorkerProcess, NodeJS.Timeout | null>();
  const waiting: (() => void)[] = [];
  let disposed = false;

  function add(): WorkerProcess {
    const worker: WorkerProcess = new WorkerProcess(
      startWorker(),
      () => {
        const timer = workers.get(worker);
        if (timer) clearTimeout(timer);
        workers.delete(worker);
        waiting.shift()?.();
      },
      stopGraceMs,
    );
    workers.set(worker, null);
    return worker;
  }

  async function acquire(): Promise<WorkerProcess | null> {
    for (;;) {
      if (disposed) return null;
      const idle = [...workers.keys()].find((worker) => !worker.busy);
      const worker = idle ?? (workers.size < maxProcesses ? add() : null);
      worker?.reserve();
      if (worker) return worker;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }

  function endWhenIdle(worker: WorkerProcess): void {
    if (!workers.has(worker)) return;
    const timer = setTimeout(() => worker.kill(closed), idleMs);
    timer.unref();
    workers.set(worker, timer);
    waiting.shift()?.();
  }

  return {
    pids: () => [...workers.keys()].flatMap((worker) => worker.pid ?? []),
    run: async <K extends Job['kind']>(job: JobOf<K>, options: ComputeOptions = {}) => {
      const worker = await acquire();
      if (!worker) return fail(closed);
      const timer = workers.get(worker);
      if (timer) clearTimeout(timer);
      workers.set(worker, null);
      const result = await worker.run(job, options);
      endWhenIdle(worker);
      // The worker answers a job with the result of its own kind.
      return result as Result<JobResults[K]>;
    },
    dispose: async () => {
      disposed = true;
      for (const worker of workers.keys()) worker.kill(closed);
      for (const wake of waiting.splice(0)) wake();
    },
  };
}
