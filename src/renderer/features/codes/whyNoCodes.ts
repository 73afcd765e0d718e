/** Which runs have codes to show, and why the others have none. Pure. */
import { codesOf, whyWithoutCodes } from '#core/methods.ts';
import type { Run } from '#shared/entities.ts';
import { capitalised } from '../../format.ts';

export const hasCodes = ({ config, state }: Pick<Run, 'config' | 'state'>): boolean =>
  codesOf(config) !== null && (state === 'finished' || state === 'stopped');

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
  if (run.state === 'failed')
    return {
      title: `${run.name} failed before its codes were read`,
      text: run.failure ? `${run.failure.message} ${run.failure.fix ?? ''}`.trim() : 'Its page says why.',
    };
  if (run.state === 'paused')
    return {
      title: `${run.name} is paused`,
      text: 'The codes of every prompt are read once it has ended. Resume it on its page.',
    };
  return {
    title: `${run.name} is still running`,
    text: 'The codes of every prompt are read once it has ended; meanwhile its page shows how many codes are in use.',
  };
}
