/** Changes of chosen pairs, and what they leave to undo. */
import { create } from 'zustand';
import type { PairFilter, Selection } from '#shared/entities.ts';
import type { MarkAction, MarkChange } from '#shared/library.ts';
import { api, client } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { queryClient } from '../../api/queryClient.ts';
import { notifyFailure } from '../../components/notify.tsx';
import { plural } from '../../format.ts';
import { forgetItems } from '../annotate/annotationStore.ts';
import { changeWords } from './changeWords.ts';
import { NOTHING, selectionOf } from './choice.ts';
import { choose, useLibraryView } from './libraryView.ts';

/** What was done last, until something else is. */
export const useNotice = create<{ readonly text: string | null; readonly canUndo: boolean }>(() => ({
  text: null,
  canUndo: false,
}));
const tell = (text: string | null, canUndo = false): void => useNotice.setState({ text, canUndo });
export const closeNotice = (): void => tell(null);

const NONE_CHOSEN = 'No pair is chosen: Space chooses the one at hand, Ctrl+A all that match.';

const refresh = () =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: api.library.key() }),
    queryClient.invalidateQueries({ queryKey: api.project.current.queryKey() }),
    queryClient.invalidateQueries({ queryKey: api.runs.countPairs.key() }),
  ]);

async function carryOut(work: () => Promise<string>, canUndo: boolean): Promise<void> {
  tell('Working…');
  try {
    tell(await work(), canUndo);
    forgetItems();
  } catch (error) {
    tell(null);
    notifyFailure(failureOf(error));
  }
  await refresh();
}

/** What is chosen, else the pair that the keys act on. */
function chosenPairs(filter: PairFilter): Selection | null {
  const { choice, current } = useLibraryView.getState();
  return selectionOf(choice, filter, current ?? undefined);
}

export async function changePairs(filter: PairFilter, action: MarkAction, tag?: string): Promise<void> {
  const selection = chosenPairs(filter);
  if (selection === null) {
    tell(NONE_CHOSEN);
    return;
  }
  let changed: MarkChange | null = null;
  await carryOut(async () => {
    changed = await client.library.change({ selection, action, ...(tag === undefined ? {} : { tag }) });
    return changed === null ? 'There was nothing to change.' : changeWords(changed);
  }, true);
  if (changed === null) useNotice.setState({ canUndo: false });
  else if (action !== 'tag' && action !== 'untag') choose(NOTHING);
}

/** Takes back this person's latest change, also one of an earlier day. */
export async function undoChange(): Promise<void> {
  await carryOut(async () => {
    const latest = await client.library.lastChange();
    if (latest === null) return 'There is no change of pairs to undo.';
    await client.library.undoChange({ changeId: latest.id });
    return `Taken back: ${changeWords(latest)}`;
  }, false);
}

async function changeGold(
  filter: PairFilter,
  work: (selection: Selection) => Promise<string>,
): Promise<void> {
  const selection = chosenPairs(filter);
  if (selection === null) {
    tell(NONE_CHOSEN);
    return;
  }
  await carryOut(() => work(selection), false);
  await queryClient.invalidateQueries({ queryKey: api.gold.key() });
}

/** The chosen pairs have known answers from now on: what this person says of them. */
export const markGold = (filter: PairFilter, annotatorId: number, shown: boolean): Promise<void> =>
  changeGold(filter, async (selection) => {
    const { marked, without } = await client.gold.mark({ selection, annotatorId, shown });
    const made = `${plural(marked, 'gold pair')} made.`;
    return without === 0 ? made : `${made} ${plural(without, 'pair')} without a verdict of theirs left out.`;
  });

export const unmarkGold = (filter: PairFilter): Promise<void> =>
  changeGold(filter, async (selection) => {
    const { unmarked } = await client.gold.unmark({ selection });
    return unmarked === 0 ? 'None of them was gold.' : `${plural(unmarked, 'pair')} not gold any more.`;
  });
