import type { Job, JobResults } from '#core/jobs.ts';
import type { Result } from '#core/result.ts';
import type { RunFrame } from '#core/runFrames.ts';
import type { JobPriority } from '#shared/work.ts';

export type JobOf<K extends Job['kind']> = Extract<Job, { kind: K }>;

/** A job's place in its line; may be changed while it waits. */
export interface Ticket {
  priority: JobPriority;
  /** Called once, when a process takes it. */
  onStart?: () => void;
}

export interface ComputeOptions {
  /** Called in order, on the caller's side, before the result settles. */
  readonly onFrame?: (frame: RunFrame) => void;
  /**
   * Asks the job to end after its current step, keeping what it has. One that waits ends at once, and so, after a moment, does
   * one that would leave nothing half-done.
   */
  readonly stop?: AbortSignal;
  /** What a person reads of it in the list of jobs; its kind where absent. */
  readonly title?: string;
  readonly ticket?: Ticket;
  /** The run and step that it works on, where it is one's. */
  readonly about?: { readonly runId: number; readonly step: number };
}

/**
 * Runs jobs in the compute process. Never rejects: a job that fails gives its `Failure`, a process that dies
 * gives `compute.worker-died` to every job it held, and the next job starts a fresh process.
 */
export interface ComputeClient {
  run<K extends Job['kind']>(job: JobOf<K>, options?: ComputeOptions): Promise<Result<JobResults[K]>>;
  dispose(): Promise<void>;
}
