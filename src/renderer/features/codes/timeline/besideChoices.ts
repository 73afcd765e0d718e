/** Checkpoints that codes can be held beside. Pure. */
import type { Run } from '#shared/entities.ts';
import { formatCount } from '../../../format.ts';

export interface BesideChoice {
  readonly value: string;
  readonly label: string;
  /** Above its column. */
  readonly title: string;
  readonly of: { readonly runId: number; readonly step: number };
}

/** Every other checkpoint whose codes are stored: those of the run itself first, then other runs, the newest first. */
export function besideChoices(
  run: Pick<Run, 'id'>,
  step: number,
  runs: readonly Pick<Run, 'id' | 'name' | 'codesSteps'>[],
): BesideChoice[] {
  return runs
    .toSorted((a, b) => Number(b.id === run.id) - Number(a.id === run.id) || b.id - a.id)
    .flatMap(({ id, name, codesSteps }) =>
      codesSteps
        .filter((own) => id !== run.id || own !== step)
        .toSorted((a, b) => b - a)
        .map((own) => {
          const title = `${name}, step ${formatCount(own)}`;
          return { value: `${id} ${own}`, label: `Beside ${title}`, title, of: { runId: id, step: own } };
        }),
    );
}
