/** Reads a run's codes by its last checkpoint; goes on while other screens are open. */
import { create } from 'zustand';
import type { Failure } from '#core/result.ts';
import type { PhaseFrame } from '#core/runFrames.ts';
import { api, client } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { queryClient } from '../../api/queryClient.ts';

interface Reading {
  readonly runId: number | null;
  readonly phase: PhaseFrame | null;
  readonly stop: (() => void) | null;
}
const none: Reading = { runId: null, phase: null, stop: null };

export const useCodesReading = create<Reading>(() => none);

/** Gives what it failed with; null where all is stored or it was stopped. */
export async function readCodes(runId: number): Promise<Failure | null> {
  const own = new AbortController();
  useCodesReading.setState({ ...none, runId, stop: () => own.abort() });
  let failure: Failure | null = null;
  try {
    for await (const frame of await client.codes.read({ runId }, { signal: own.signal })) {
      if (frame.type === 'phase') useCodesReading.setState({ phase: frame });
    }
  } catch (error) {
    if (!own.signal.aborted) failure = failureOf(error);
  }
  useCodesReading.setState(none);
  const stale = [api.runs.key(), api.codes.key(), api.library.rows.key()];
  await Promise.all(stale.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
  return failure;
}
