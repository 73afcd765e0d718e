/** What a run that was broken off keeps, and where it goes on: said with the reason. Pure. */
import { shorterRows } from '#core/outOfMemory.ts';
import type { Failure } from '#core/result.ts';
import type { Run } from '#shared/entities.ts';

/** Where another process ended and not the run itself. */
const FROM_OUTSIDE = ['compute.worker-died', 'compute.deaf'];

const counted = (step: number): string => step.toLocaleString('en-US');
const steps = (from: number, to: number): string =>
  from === to ? `step ${counted(from)}` : `steps ${counted(from)} to ${counted(to)}`;

const NOTHING_KEPT = 'Start a new run: this one has nothing to go on from.';
/** Of a run that broke off for no fault of its own. */
export const BEGINS_ANEW = 'Resume it: it begins anew, with the same settings and pairs.';

/** What is there of the run, and what can be done with it; `withNone` where it has no checkpoint yet. */
export function keptWords(
  { step, checkpoints, checkpointStep, config }: KeptRun,
  withNone: string = NOTHING_KEPT,
): { readonly kept: string; readonly fix: string } {
  if (checkpointStep === null)
    return {
      kept: 'No checkpoint had been written yet; what it reported is kept.',
      fix: withNone,
    };
  const best = checkpoints.find(({ kind }) => kind === 'best');
  const also = best && best.step !== checkpointStep ? ` and the best one of step ${counted(best.step)}` : '';
  const kept = `Kept: the checkpoint of step ${counted(checkpointStep)}${also}, and what was reported up to step ${counted(step)}.`;
  if (step > checkpointStep)
    return {
      kept,
      fix: `Resume it: it goes on from step ${counted(checkpointStep)} and takes ${steps(checkpointStep + 1, step)} again, to the same weights.`,
    };
  return {
    kept,
    fix:
      step >= config.steps
        ? 'Resume it: its steps are done, and it goes on with its evaluation.'
        : `Resume it: it goes on from step ${counted(checkpointStep)}, and no step is taken twice.`,
  };
}
type KeptRun = Pick<Run, 'step' | 'checkpoints' | 'checkpointStep' | 'config'>;

/** Of a run that had no memory, which goes on with a smaller budget: said by itself, or by how its process ended. */
export const WITHOUT_MEMORY = ['train.out-of-memory', 'compute.worker-out-of-memory'];

/** With the step it was at, and half of the budget where only the process's end tells of it. */
function withoutMemory(failure: Failure, { step, checkpointStep, config }: KeptRun): Failure {
  const from =
    checkpointStep === null
      ? 'No step was kept yet.'
      : `The checkpoint of step ${counted(checkpointStep)} is kept.`;
  const message = `${failure.message} That was after step ${counted(step)} of ${counted(config.steps)}. ${from}`;
  if (failure.code === 'train.out-of-memory') return { ...failure, message };
  const value = Math.floor(config.tokenBudget / 2);
  return { ...failure, message, ...shorterRows(value) };
}

/** A failure from outside with what is kept; any other as it is. */
export function withKept(failure: Failure, run: KeptRun): Failure {
  if (WITHOUT_MEMORY.includes(failure.code)) return withoutMemory(failure, run);
  if (!FROM_OUTSIDE.includes(failure.code)) return failure;
  const { kept, fix } = keptWords(run);
  return {
    ...failure,
    message: `${failure.message} That was after step ${counted(run.step)} of ${counted(run.config.steps)}. ${kept}`,
    fix:
      failure.code === 'compute.deaf'
        ? fix
        : `${fix} If it ends again, memory may be short: lower the token budget.`,
  };
}
