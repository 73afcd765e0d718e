/** Takes a run's frames in as they come and shows them batch by batch. */
import type { Failure } from '#core/result.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { RunTrace } from './runTrace.ts';

export interface RunFrames {
  readonly trace: RunTrace;
  /** Grows with each batch taken in: the trace itself is one object that fills. */
  readonly version: number;
  /** All stored frames have come and the run has ended. */
  readonly ended: boolean;
  readonly failure: Failure | null;
}

export interface FrameSource {
  /** Stored frames first, then live ones until the run ends; ends early when the signal aborts. */
  readonly open: (signal: AbortSignal) => Promise<AsyncIterable<RunFrame>>;
  readonly failureOf: (error: unknown) => Failure;
  /** True where opening again may help. */
  readonly isLostLine: (failure: Failure) => boolean;
  readonly show: (frames: RunFrames) => void;
  readonly onEnd: () => void;
  /** Calls back before the next repaint, at a bearable pace. */
  readonly nextPaint: (callback: () => void) => void;
  readonly reconnectMs: number;
}

/**
 * However many frames come between two repaints, they are shown as one batch. After a lost line all frames come
 * again, into a new trace. Returns the stop function.
 */
export function followFrames(source: FrameSource): () => void {
  const abort = new AbortController();
  let trace = new RunTrace();
  let waiting: RunFrame[] = [];
  let version = 0;
  let painting = false;

  const flush = (ended: boolean, failure: Failure | null) => {
    if (abort.signal.aborted) return;
    trace.append(waiting);
    waiting = [];
    version += 1;
    source.show({ trace, version, ended, failure });
  };
  const schedule = () => {
    if (painting) return;
    painting = true;
    source.nextPaint(() => {
      painting = false;
      if (waiting.length > 0) flush(false, null);
    });
  };
  const follow = async (): Promise<void> => {
    try {
      for await (const frame of await source.open(abort.signal)) {
        waiting.push(frame);
        schedule();
      }
      flush(true, null);
      if (!abort.signal.aborted) source.onEnd();
    } catch (error) {
      if (abort.signal.aborted) return;
      const failure = source.failureOf(error);
      if (!source.isLostLine(failure)) return flush(false, failure);
      trace = new RunTrace();
      waiting = [];
      setTimeout(() => {
        if (!abort.signal.aborted) void follow();
      }, source.reconnectMs);
    }
  };
  void follow();
  return () => abort.abort();
}
