/** Which runs have codes to show, and why the others have none. Pure. */
import { codesOf, whyWithoutCodes } from '#core/methods.ts';
import type { Run } from '#shared/entities.ts';
import { capitalised, formatCount } from '../../format.ts';
import { isActive } from '../train/runWords.ts';

export const hasCodes = ({ config, codesStep }: Pick<Run, 'config' | 'codesStep'>): boolean =>
  codesOf(config) !== null && codesStep !== null;

/** Step of the checkpoint by which codes can be read that are not stored; null where there is nothing to read. */
export function unreadStep(run: Run): number | null {
  const { config, checkpointStep, codesStep } = run;
  return codesOf(config) === null || isActive(run) || checkpointStep === codesStep ? null : checkpointStep;
}

export function whyNoCodes(run: Run | undefined): { readonly title: string; readonly text: string } {
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
  const unread = unreadStep(run);
  if (unread !== null)
    return {
      title: `The codes of ${run.name} have not been read`,
      text: `Its last checkpoint is of step ${formatCount(unread)}. Reading takes one pass over every prompt.`,
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
