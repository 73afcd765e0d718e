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
  /** The stop was heard: its event loop turns, and the job ends after its step. */
  | { readonly type: 'stopping'; readonly id: number }
  | { readonly type: 'frame'; readonly id: number; readonly frame: RunFrame }
  | { readonly type: 'done'; readonly id: number; readonly result: JobResults[keyof JobResults] }
  | { readonly type: 'failed'; readonly id: number; readonly failure: Failure };

const FAILURE_MARK = '\nfacet-failure ';

/** Why a process ends itself, as a line of its standard error: for a thread that can't reach the channel. */
export const failureLine = (failure: Failure): string => `${FAILURE_MARK}${JSON.stringify(failure)}\n`;

/** The failure that a process wrote last; null where it ended for another reason. */
export function lastFailure(output: string): Failure | null {
  const at = output.lastIndexOf(FAILURE_MARK);
  const line = at < 0 ? '' : (output.slice(at + FAILURE_MARK.length).split('\n')[0] ?? '');
  try {
    return line === '' ? null : (JSON.parse(line) as Failure);
  } catch {
    // Cut off: the status of the process has to do.
    return null;
  }
}
