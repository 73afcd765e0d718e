/** Work of the compute process that a person may break off: Ctrl+C asks it to end, progress goes to standard error. */
import type { RunFrame } from '#core/runFrames.ts';
import type { ComputeOptions } from '../compute/ComputeClient.ts';
import { percent, progressLine } from './output.ts';

export async function interruptible<T>(work: (options: ComputeOptions) => Promise<T>): Promise<T> {
  const progress = progressLine();
  const controller = new AbortController();
  const stop = (): void => {
    progress.note('stopping; run the same command to resume from here');
    controller.abort();
  };
  const onFrame = (frame: RunFrame): void => {
    if (frame.type === 'engine')
      progress.note(`engine: ${frame.engine}${frame.fallback ? ` (${frame.fallback})` : ''}`);
    if (frame.type !== 'phase') return;
    const share = frame.total > 0 ? frame.done / frame.total : 0;
    const note = frame.note ? `, ${frame.note}` : '';
    progress.update(
      `${frame.phase} ${Math.floor(10 * share)}`,
      `${frame.phase} ${frame.done}/${frame.total} ${percent(share)}${note}`,
    );
  };
  process.once('SIGINT', stop);
  try {
    return await work({ onFrame, stop: controller.signal });
  } finally {
    process.off('SIGINT', stop);
    progress.end();
  }
}
