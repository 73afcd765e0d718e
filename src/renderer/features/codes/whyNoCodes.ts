/** Which runs have codes to show, and why the others have none. Pure. */
import { codesOf, whyWithoutCodes } from '#core/methods.ts';
import type { Run } from '#shared/entities.ts';
import { capitalised, formatCount } from '../../format.ts';
import { isActive } from '../train/runWords.ts';

export const hasCodes = ({ config, codesStep }: Pick<Run, 'config' | 'codesStep'>): boolean =>
  codesOf(config) !== null && codesStep !== null;

/** Trains, and has codes that its evaluations look at. */
export const isTrainingCodes = (run: Pick<Run, 'config' | 'state'>): boolean =>
  codesOf(run.config) !== null && isActive(run);

/** Step of the checkpoint by which codes can be read that are not stored: the one asked for, else the last. null where there is nothing to read. */
export function unreadStep(run: Run, asked: number | null = null): number | null {
  const { config, checkpointStep, codesSteps } = run;
  const step = asked ?? checkpointStep;
  if (codesOf(config) === null || isActive(run) || step === null || codesSteps.includes(step)) return null;
  return run.checkpoints.some((kept) => kept.step === step) ? step : null;
}

/** `Last checkpoint, step 40`, one line a step; a best one that is the last too is named by both. */
export function checkpointChoices(run: Run): { readonly step: number; readonly label: string }[] {
  const steps = [...new Set([...run.checkpoints.map(({ step }) => step), ...run.codesSteps])].sort(
    (a, b) => b - a,
  );
  return steps.map((step) => {
    const kinds = run.checkpoints.filter((kept) => kept.step === step).map(({ kind }) => kind);
    const name =
      kinds.length === 2
        ? 'Last and best'
        : kinds[0] === 'best'
          ? 'Best'
          : kinds[0] === 'last'
            ? 'Last'
            : 'Earlier';
    const unread = run.codesSteps.includes(step) ? '' : ', not read';
    return { step, label: `${name}, step ${formatCount(step)}${unread}` };
  });
}

export function whyNoCodes(
  run: Run | undefined,
  step: number | null = null,
): { readonly title: string; readonly text: string } {
  if (!run)
    return {
      title: 'No codes yet',
      text: 'A run with LPC learns which latent codes each prompt fires. Train one, and every prompt’s codes are shown here.',
    };
  const why = whyWithoutCodes(run.config);
  if (why !== null)
    return {
      title: `${run.name} has no codes`,
      text: `${capitalised(why)}. Train with LPC’s codebook to get codes.`,
    };
  const unread = unreadStep(run, step);
  if (unread !== null)
    return {
      title: `The codes of ${run.name} at step ${formatCount(unread)} have not been read`,
      text: 'Reading takes one pass over every prompt by that checkpoint, and goes on beside other work.',
    };
  if (run.state === 'failed')
    return {
      title: `${run.name} failed before its codes were read`,
      text: run.failure ? `${run.failure.message} ${run.failure.fix ?? ''}`.trim() : 'Its page says why.',
    };
  return {
    title: `${run.name} is still running`,
    text: 'The codes of every prompt are read once it has ended; meanwhile its page shows how many codes are in use.',
  };
}
