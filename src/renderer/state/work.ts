/** What Facet is doing, as main tells of it; followed from the shell, read by the foot and its list. */
import { create } from 'zustand';
import type { Work } from '#shared/work.ts';
import { api, client } from '../api/client.ts';
import { queryClient } from '../api/queryClient.ts';

export const useWork = create<{ readonly list: readonly Work[] }>(() => ({ list: [] }));

const REOPEN_MS = 1_000;

/** Where the codes of a checkpoint have been read, what shows them asks again. */
function refreshAfter(before: readonly Work[], now: readonly Work[]): void {
  const ended = before.some(({ id, about }) => about !== null && !now.some((work) => work.id === id));
  if (!ended) return;
  for (const queryKey of [api.runs.key(), api.codes.key(), api.library.rows.key(), api.library.figures.key()])
    void queryClient.invalidateQueries({ queryKey });
}

/** Follows the list until it is told to end; a lost line is taken up again. */
export function followWork(): () => void {
  const abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const take = (list: readonly Work[]): void => {
    const before = useWork.getState().list;
    useWork.setState({ list });
    refreshAfter(before, list);
  };
  const follow = async (): Promise<void> => {
    try {
      for await (const list of await client.work.watch(undefined, { signal: abort.signal })) take(list);
    } catch {
      // The line is lost or not there yet, which the foot says; the list comes anew with it.
    }
    if (abort.signal.aborted) return;
    take([]);
    timer = setTimeout(() => void follow(), REOPEN_MS);
  };
  void follow();
  return () => {
    clearTimeout(timer);
    abort.abort();
  };
}

/** The reading of a checkpoint's codes, while it goes on or waits. */
export const useReading = (runId: number, step: number | null): Work | null =>
  useWork(({ list }) => list.find(({ about }) => about?.runId === runId && about.step === step) ?? null);
