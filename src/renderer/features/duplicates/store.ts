/** The search for near-duplicates: one at a time; it goes on while other screens are open. */
import { create } from 'zustand';
import type { Failure } from '#core/result.ts';
import type { Outputs } from '#shared/contract.ts';
import type { DuplicateKind } from '#shared/library.ts';
import { api, client } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { queryClient } from '../../api/queryClient.ts';
import { formatShare } from '../../format.ts';
import { setStatus } from '../../state/status.ts';
import { forgetItems } from '../annotate/annotationStore.ts';

type MarkChange = NonNullable<Outputs['library']['change']>;

interface DuplicatesState {
  readonly kind: DuplicateKind;
  readonly threshold: number;
  /** 0–1 while a search is on; null when none is. */
  readonly share: number | null;
  readonly failure: Failure | null;
  /** The last "keep one" of this page, which can be taken back. */
  readonly kept: MarkChange | null;
}

export const useDuplicates = create<DuplicatesState>(() => ({
  kind: 'pairs',
  threshold: 0.8,
  share: null,
  failure: null,
  kept: null,
}));

export const setDuplicates = (changes: Partial<Pick<DuplicatesState, 'kind' | 'threshold'>>): void =>
  useDuplicates.setState(changes);

let abort: AbortController | null = null;
export const cancelSearch = (): void => abort?.abort();

const refresh = (): Promise<unknown> =>
  Promise.all(
    [api.data.key(), api.library.key(), api.project.key(), api.annotate.key(), api.runs.countPairs.key()].map(
      (queryKey) => queryClient.invalidateQueries({ queryKey }),
    ),
  );

export async function searchDuplicates(): Promise<void> {
  const { threshold, share } = useDuplicates.getState();
  if (share !== null) return;
  const cancel = new AbortController();
  abort = cancel;
  useDuplicates.setState({ share: 0, failure: null, kept: null });
  try {
    const frames = await client.data.searchDuplicates({ threshold }, { signal: cancel.signal });
    for await (const frame of frames) {
      if (frame.type === 'done') continue;
      const done = frame.total > 0 ? frame.done / frame.total : 0;
      useDuplicates.setState({ share: done });
      setStatus({ activity: `Looking for near-duplicates · ${formatShare(done, 0)}`, progress: done });
    }
    await refresh();
  } catch (error) {
    useDuplicates.setState({ failure: cancel.signal.aborted ? null : failureOf(error) });
  } finally {
    abort = null;
    useDuplicates.setState({ share: null });
    setStatus({ activity: null, progress: null });
  }
}

/** Excludes every pair of a group, or of all groups, but those of the member that is kept: the first, if none is named. */
export async function keepOne(number: number | null, keep: number | null): Promise<void> {
  const { kind } = useDuplicates.getState();
  useDuplicates.setState({ failure: null });
  try {
    const others = {
      kind,
      which: 'others',
      ...(number === null ? {} : { group: number }),
      ...(keep === null ? {} : { keep }),
    } as const;
    const filter = { text: '', sourceId: null, status: 'all', where: { duplicates: others } } as const;
    const kept = await client.library.change({ selection: { filter, except: [] }, action: 'exclude' });
    useDuplicates.setState({ kept });
    forgetItems();
    await refresh();
  } catch (error) {
    useDuplicates.setState({ failure: failureOf(error) });
  }
}

export async function takeBack(change: MarkChange): Promise<void> {
  try {
    await client.library.undoChange({ changeId: change.id });
    useDuplicates.setState({ kept: null });
    forgetItems();
    await refresh();
  } catch (error) {
    useDuplicates.setState({ failure: failureOf(error) });
  }
}
