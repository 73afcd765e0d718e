import { useEffect, useState } from 'react';
import type { Failure } from '#core/result.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { api, client } from '../../api/client.ts';
import { CONNECTION_LOST, failureOf } from '../../api/failureOf.ts';
import { queryClient } from '../../api/queryClient.ts';
import { RunTrace } from './runTrace.ts';

export interface RunFrames {
  readonly trace: RunTrace;
  /** Grows with each batch taken in: the trace itself is one object that fills. */
  readonly version: number;
  /** All stored frames have come and the run has ended. */
  readonly ended: boolean;
  readonly failure: Failure | null;
}

/** Charts are redrawn at most this often, so that watching a run takes no time from it. */
const REDRAW_MS = 120;
const RECONNECT_MS = 500;
const nothing = (): RunFrames => ({ trace: new RunTrace(), version: 0, ended: false, failure: null });

/** What a run has reported and goes on reporting; starts anew when the run changes or the line was lost. */
export function useRunFrames(runId: number | null): RunFrames {
  const [held, setHeld] = useState<{ runId: number | null; frames: RunFrames }>({ runId, frames: nothing() });
  useEffect(() => {
    if (runId === null) return;
    return followRun(runId, (frames) => setHeld({ runId, frames }));
  }, [runId]);
  return held.runId === runId ? held.frames : EMPTY;
}

const EMPTY = nothing();

/** Feeds `show` batch by batch, one batch per animation frame at most; returns the stop function. */
function followRun(runId: number, show: (frames: RunFrames) => void): () => void {
  const abort = new AbortController();
  let trace = new RunTrace();
  let waiting: RunFrame[] = [];
  let version = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shownAt = Number.NEGATIVE_INFINITY;

  const flush = (ended: boolean, failure: Failure | null) => {
    clearTimeout(timer);
    timer = undefined;
    if (abort.signal.aborted) return;
    trace.append(waiting);
    waiting = [];
    version += 1;
    shownAt = performance.now();
    show({ trace, version, ended, failure });
  };
  const schedule = () => {
    if (timer !== undefined) return;
    const wait = Math.max(0, shownAt + REDRAW_MS - performance.now());
    timer = setTimeout(() => requestAnimationFrame(() => flush(false, null)), wait);
  };
  const follow = async (): Promise<void> => {
    try {
      const frames = await client.runs.frames({ runId }, { signal: abort.signal });
      for await (const frame of frames) {
        waiting.push(frame);
        schedule();
      }
      flush(true, null);
      await queryClient.invalidateQueries({ queryKey: api.runs.key() });
      await queryClient.invalidateQueries({ queryKey: api.codes.key() });
    } catch (error) {
      if (abort.signal.aborted) return;
      const failure = failureOf(error);
      if (failure.code !== CONNECTION_LOST) return flush(false, failure);
      trace = new RunTrace();
      waiting = [];
      timer = setTimeout(() => void follow(), RECONNECT_MS);
    }
  };
  void follow();
  return () => {
    clearTimeout(timer);
    abort.abort();
  };
}
