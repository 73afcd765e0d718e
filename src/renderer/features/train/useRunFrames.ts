import { useEffect, useState } from 'react';
import { api, client } from '../../api/client.ts';
import { CONNECTION_LOST, failureOf } from '../../api/failureOf.ts';
import { queryClient } from '../../api/queryClient.ts';
import { followFrames, type RunFrames } from './followFrames.ts';
import { RunTrace } from './runTrace.ts';

/** Charts are redrawn at most this often, so that watching a run takes no time from it. */
const REDRAW_MS = 120;
const RECONNECT_MS = 500;
const EMPTY: RunFrames = { trace: new RunTrace(), version: 0, ended: false, failure: null };

/**
 * What a run has reported and goes on reporting; starts anew when the run changes, the line was lost, or the run goes
 * on after an end (`active` again).
 */
export function useRunFrames(runId: number | null, active: boolean): RunFrames {
  const round = useRounds(active);
  const [held, setHeld] = useState<{ runId: number | null; round: number; frames: RunFrames }>({
    runId,
    round,
    frames: EMPTY,
  });
  useEffect(() => {
    if (runId === null) return;
    return followFrames({
      open: (signal) => client.runs.frames({ runId }, { signal }),
      failureOf,
      isLostLine: ({ code }) => code === CONNECTION_LOST,
      show: (frames) => setHeld({ runId, round, frames }),
      onEnd: () => {
        void queryClient.invalidateQueries({ queryKey: api.runs.list.key() });
        void queryClient.invalidateQueries({ queryKey: api.codes.key() });
      },
      nextPaint: pacedPaint(),
      reconnectMs: RECONNECT_MS,
    });
    // A later round reads what the earlier ones stored, then what is new.
  }, [runId, round]);
  return held.runId === runId ? held.frames : EMPTY;
}

/** Grows each time `active` comes back. */
function useRounds(active: boolean): number {
  const [seen, setSeen] = useState({ active, round: 0 });
  if (seen.active === active) return seen.round;
  const round = active ? seen.round + 1 : seen.round;
  setSeen({ active, round });
  return round;
}

function pacedPaint(): (callback: () => void) => void {
  let paintedAt = Number.NEGATIVE_INFINITY;
  return (callback) => {
    const wait = Math.max(0, paintedAt + REDRAW_MS - performance.now());
    setTimeout(
      () =>
        requestAnimationFrame(() => {
          paintedAt = performance.now();
          callback();
        }),
      wait,
    );
  };
}
