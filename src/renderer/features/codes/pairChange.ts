/** Changes of the pairs of a selection, made from outside the Library; each can be taken back where it was made. */
import type { MarkAction, MarkChange } from '#shared/library.ts';
import { api, client } from '../../api/client.ts';
import { queryClient } from '../../api/queryClient.ts';
import { plural } from '../../format.ts';
import { forgetItems } from '../annotate/annotationStore.ts';

export interface Made {
  readonly text: string;
  readonly did: 'nothing' | 'queued' | 'tagged' | 'excluded';
  /** Ids of the changes, in the order in which they were made. */
  readonly changes: readonly number[];
}

const refresh = async (): Promise<void> => {
  forgetItems();
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: api.library.key() }),
    queryClient.invalidateQueries({ queryKey: api.project.current.queryKey() }),
    queryClient.invalidateQueries({ queryKey: api.runs.countPairs.key() }),
    ...[api.codes.page, api.codes.select, api.codes.coverage, api.codes.matrix].map((query) =>
      queryClient.invalidateQueries({ queryKey: query.key() }),
    ),
  ]);
};

/** Steps after one another; those that changed nothing are none. */
async function carryOut(
  ids: readonly number[],
  steps: readonly { readonly action: MarkAction; readonly tag?: string }[],
): Promise<MarkChange[]> {
  const made: MarkChange[] = [];
  for (const step of steps) {
    const change = await client.library.change({ selection: { ids: [...ids] }, ...step });
    if (change !== null) made.push(change);
  }
  await refresh();
  return made;
}

const nothing: Made = { did: 'nothing', text: 'There was nothing to change.', changes: [] };
const idsOf = (changes: readonly MarkChange[]): number[] => changes.map(({ id }) => id);

/** Puts pairs first in the labelling queue, with the reason as a tag. */
export async function queueWithReason(ids: readonly number[], reason: string): Promise<Made> {
  if (ids.length === 0) return nothing;
  const made = await carryOut(ids, [{ action: 'tag', tag: reason }, { action: 'queue' }]);
  return made.length === 0
    ? nothing
    : {
        did: 'queued',
        text: `${plural(ids.length, 'pair')} first in the queue, tagged “${reason}”.`,
        changes: idsOf(made),
      };
}

export async function tagPairs(ids: readonly number[], tag: string): Promise<Made> {
  if (ids.length === 0) return nothing;
  const made = await carryOut(ids, [{ action: 'tag', tag }]);
  return made.length === 0
    ? nothing
    : {
        did: 'tagged',
        text: `${plural(made[0]?.pairs ?? 0, 'pair')} tagged “${tag}”.`,
        changes: idsOf(made),
      };
}

/** Out of queue, training and figures until they are included again. */
export async function excludePairs(ids: readonly number[]): Promise<Made> {
  if (ids.length === 0) return nothing;
  const made = await carryOut(ids, [{ action: 'exclude' }]);
  return made.length === 0
    ? nothing
    : { did: 'excluded', text: `${plural(made[0]?.pairs ?? 0, 'pair')} excluded.`, changes: idsOf(made) };
}

/** The last of the changes first. */
export async function takeBack({ changes }: Made): Promise<void> {
  for (const changeId of [...changes].reverse()) await client.library.undoChange({ changeId });
  await refresh();
}
