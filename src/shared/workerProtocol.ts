/** Messages between main and the compute process. Both ends are ours and of one build. */
import type { Job, JobResults } from '#core/jobs.ts';
import type { Failure } from '#core/result.ts';
import type { RunFrame } from '#core/runFrames.ts';

export type ToWorker =
  | { readonly type: 'start'; readonly id: number; readonly job: Job }
  /** Ask the job to end after its current step, keeping what it has. */
  | { readonly type: 'stop'; readonly id: number };

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'frame'; readonly id: number; readonly frame: RunFrame }
  | { readonly type: 'done'; readonly id: number; readonly result: JobResults[keyof JobResults] }
  | { readonly type: 'failed'; readonly id: number; readonly failure: Failure };
