/** A pass over a project to its end: Ctrl+C asks it to end, progress goes to standard error. */
import { FacetError } from '#core/result.ts';
import type { PassFrame } from '#shared/dataEntities.ts';
import { percent, progressLine } from './output.ts';

export async function wholePass<T>(
  what: string,
  open: (signal: AbortSignal) => AsyncIterable<PassFrame<T>>,
): Promise<T> {
  const progress = progressLine();
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop);
  try {
    for await (const frame of open(controller.signal)) {
      if (frame.type === 'done') return frame.result;
      const share = frame.total > 0 ? frame.done / frame.total : 0;
      progress.update(
        String(Math.floor(10 * share)),
        `${what}: ${frame.done} of ${frame.total}, ${percent(share)}`,
      );
    }
  } finally {
    process.off('SIGINT', stop);
    progress.end();
  }
  throw new FacetError({ code: 'pass.unfinished', message: `${what} ended early.`, fix: 'Try again.' });
}
