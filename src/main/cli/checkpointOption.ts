import { Option } from 'commander';
import { BEST_OF_ANY_RUN, CHECKPOINT_KINDS, type CheckpointKind } from '#core/bestCheckpoint.ts';
import { FacetError } from '#core/result.ts';
import type { Run } from '#shared/entities.ts';

export interface CheckpointOptions {
  readonly checkpoint?: CheckpointKind;
}

export const checkpointOption = (): Option =>
  new Option(
    '--checkpoint <which>',
    `which of the run's checkpoints: last, or best (by ${BEST_OF_ANY_RUN}) (default: last)`,
  ).choices(CHECKPOINT_KINDS);

/** Step of the checkpoint that was named; undefined where none was. */
export function stepOf(run: Run, which: CheckpointKind | undefined): number | undefined {
  if (which === undefined) return undefined;
  const kept = run.checkpoints.find(({ kind }) => kind === which);
  if (kept) return kept.step;
  throw new FacetError({
    code: 'runs.no-checkpoint',
    message: `${run.name} has no ${which} checkpoint.`,
    fix: 'Leave --checkpoint out, or choose another run.',
  });
}
