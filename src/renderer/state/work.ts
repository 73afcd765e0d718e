/** What Facet is doing, as main tells of it; followed from the shell, read by the foot and its list. */
import { create } from 'zustand';
import type { Work } from '#shared/work.ts';
import { client } from '../api/client.ts';

export const useWork = create<{ readonly list: readonly Work[] }>(() => ({ list: [] }));

const REOPEN_MS = 1_000;

/** Follows the list until it is told to end; a lost line is taken up again. */
export function followWork(): () => void {
  const abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const follow = async (): Promise<void> => {
    try {
      for await (const list of await client.work.watch(undefined, { signal: abort.signal }))
        useWork.setState({ list });
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
