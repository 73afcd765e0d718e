import { FacetError } from '#core/result.ts';

/** For jobs whose half-done work is worth nothing. */
export const stopped = (): FacetError =>
  new FacetError({
    code: 'job.stopped',
    message: 'Stopped before it was finished; nothing was written.',
    fix: 'Start it again.',
  });
