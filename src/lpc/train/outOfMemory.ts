/** A run whose device has no memory left: what it had is kept, and shorter rows are proposed to go on with. */
import { isOutOfMemory, shorterRows } from '#core/outOfMemory.ts';
import { FacetError } from '#core/result.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { longestPair } from '../packing/shape.ts';
import type { LoopState } from './loopState.ts';
import { save } from './milestones.ts';
import type { PreparedRun } from './prepare.ts';

type Rows = Pick<PreparedRun, 'shape' | 'training' | 'heldOut'>;

/** Half of the rows that were too long, the longest pair at least; null where that is no less. */
function tokensThatAreLess({ shape, training, heldOut }: Rows): number | null {
  const tokens = Math.max(Math.floor(shape.tokens / 2), longestPair([...training, ...heldOut]));
  return tokens < shape.tokens ? tokens : null;
}

/** `train.out-of-memory`, with the smaller token budget that the run can go on with. */
export function outOfMemory(run: Rows & Pick<PreparedRun, 'engine'>, cause: unknown): FacetError {
  const tokens = tokensThatAreLess(run);
  const message = `${run.engine.device} has no memory left for rows of ${run.shape.tokens} tokens.`;
  if (tokens === null)
    return new FacetError(
      {
        code: 'train.out-of-memory',
        message: `${message} They hold the longest pair alone, so that no smaller token budget helps.`,
        fix: 'End what else uses that memory and resume it; or begin a run that cuts prompts and replies shorter, recomputes, or holds frozen weights in 4 bits.',
      },
      { cause },
    );
  return new FacetError(
    {
      code: 'train.out-of-memory',
      message,
      ...shorterRows(tokens),
    },
    { cause },
  );
}

/**
 * Passes a loop's work on. Where memory runs out in it, the engine still holds what the last whole step left, which is
 * saved; where that can't be read either, the checkpoint before it stands.
 */
export async function* keepingWhatIsThere<T>(
  loop: LoopState,
  work: AsyncGenerator<RunFrame, T>,
): AsyncGenerator<RunFrame, T> {
  try {
    return yield* work;
  } catch (error) {
    if (isOutOfMemory(error) && loop.done > 0) {
      try {
        yield* save(loop);
      } catch (unsaved) {
        if (!isOutOfMemory(unsaved)) throw unsaved;
      }
    }
    throw error;
  }
}
