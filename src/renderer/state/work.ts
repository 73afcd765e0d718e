/** What Facet is doing, as main tells of it; followed from the shell, read by the foot and its list. */
import { create } from 'zustand';
import type { Work, WorkListState } from '#shared/work.ts';
import { api, client } from '../api/client.ts';
import { queryClient } from '../api/queryClient.ts';

export const useWork = create<{ readonly list: readonly Work[] }>(() => ({ list: [] }));

const REOPEN_MS = 1_000;

/** Where the codes of a checkpoint have been read, what shows them asks again. */
function refresh(): void {
  for (const queryKey of [api.runs.key(), api.codes.key(), api.library.rows.key(), api.library.figures.key()])
    void queryClient.invalidateQueries({ queryKey });
}

/** Follows the list until it is told to end; a lost line is taken up again. */
export function followWork(): () => void {
  const abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let known: number | null = null;
  const take = ({ list, readings }: WorkListState): void => {
    useWork.setState({ list });
    if (known !== null && known !== readings) refresh();
    known = readings;
  };
  const follow = async (): Promise<void> => {
    try {
      for await (const state of await client.work.watch(undefined, { signal: abort.signal })) take(state);
    } catch {
      // The line is lost or not there yet, which the foot says; the list comes anew with it.
    }
    if (abort.signal.aborted) return;
    useWork.setState({ list: [] });
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
