import type { Job, JobResults } from '#core/jobs.ts';
import { saysOutOfMemory } from '#core/outOfMemory.ts';
import type { Failure, Result } from '#core/result.ts';
import { fail, ok } from '#core/result.ts';
import type { FromWorker } from '#shared/workerProtocol.ts';
import type { ComputeOptions } from './ComputeClient.ts';
import type { WorkerLink } from './WorkerLink.ts';

interface Held {
  readonly id: number;
  readonly job: Job;
  readonly options: ComputeOptions;
  readonly settle: (result: Result<JobResults[keyof JobResults]>) => void;
}

const died = (status: string): Failure => ({
  code: saysOutOfMemory(status) ? 'compute.worker-out-of-memory' : 'compute.worker-died',
  message: `The compute process ended unexpectedly (${status}).`,
  fix: 'Start it again; if it ends again, use a smaller token budget or a smaller model, as memory may be short.',
});

const deaf = (graceMs: number): Failure => ({
  code: 'compute.deaf',
  message: `The compute process did not hear the request to stop for ${graceMs / 1000} s and was ended.`,
  fix: 'Start again; a run resumes from its last checkpoint.',
});

/** One compute process and the one job it may hold. */
export class WorkerProcess {
  readonly #link: WorkerLink;
  readonly #onExit: () => void;
  readonly #onReady: () => void;
  #ready = false;
  #reserved = false;
  #exitStatus: string | null = null;
  #held: Held | null = null;
  #nextId = 1;
  readonly #stopGraceMs: number;
  #deaf: NodeJS.Timeout | null = null;

  constructor(
    link: WorkerLink,
    { onExit, onReady, stopGraceMs }: { onExit: () => void; onReady: () => void; stopGraceMs: number },
  ) {
    this.#link = link;
    this.#stopGraceMs = stopGraceMs;
    this.#onExit = onExit;
    this.#onReady = onReady;
    link.listen({
      message: (message) => this.#receive(message),
      exit: (status, failure) => this.#exited(status, failure),
    });
  }

  get busy(): boolean {
    return this.#reserved;
  }

  /** Keeps the process for the caller's next `run`. */
  reserve(): void {
    this.#reserved = true;
  }

  get pid(): number | undefined {
    return this.#link.pid;
  }

  run(job: Job, options: ComputeOptions): Promise<Result<JobResults[keyof JobResults]>> {
    if (this.#exitStatus !== null) return Promise.resolve(fail(died(this.#exitStatus)));
    this.#reserved = true;
    return new Promise((resolve) => {
      const id = this.#nextId++;
      const onStop = () => this.#askToStop(id);
      const settle = (result: Result<JobResults[keyof JobResults]>) => {
        options.stop?.removeEventListener('abort', onStop);
        this.#heard();
        this.#held = null;
        this.#reserved = false;
        resolve(result);
      };
      this.#held = { id, job, options, settle };
      if (this.#ready) this.#start();
      options.stop?.addEventListener('abort', onStop);
    });
  }

  kill(failure: Failure): void {
    // Off the pool at once: a dying process must not get the next job.
    this.#exited(failure.message, failure);
    this.#link.kill();
  }

  #start(): void {
    const held = this.#held;
    if (!held) return;
    this.#link.send({ type: 'start', id: held.id, job: held.job });
    if (held.options.stop?.aborted) this.#askToStop(held.id);
  }

  /** A job whose process is deaf is ended with it: what it had saved is there, and resumes. */
  #askToStop(id: number): void {
    // Before the job has begun nothing can hear; it is asked again at its start.
    if (!this.#ready) return;
    this.#link.send({ type: 'stop', id });
    this.#deaf ??= setTimeout(() => this.kill(deaf(this.#stopGraceMs)), this.#stopGraceMs);
  }

  #heard(): void {
    if (this.#deaf) clearTimeout(this.#deaf);
    this.#deaf = null;
  }

  #receive(message: FromWorker): void {
    if (message.type === 'ready') {
      this.#ready = true;
      this.#onReady();
      this.#start();
      return;
    }
    const held = this.#held;
    if (held?.id !== message.id) return;
    this.#heard();
    if (message.type === 'stopping') return;
    if (message.type === 'frame') held.options.onFrame?.(message.frame);
    else if (message.type === 'done') held.settle(ok(message.result));
    else held.settle(fail(message.failure));
  }

  #exited(status: string, failure: Failure | null): void {
    if (this.#exitStatus !== null) return;
    this.#exitStatus = status;
    this.#onExit();
    this.#held?.settle(fail(failure ?? died(status)));
  }
}
