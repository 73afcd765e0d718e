/** Short lines that the foot shows, set by the screens that know them. */
import { create } from 'zustand';

export interface StatusLine {
  /** e.g. `onnx-cpu · 2 cores`. */
  readonly engine: string | null;
  /** e.g. `Run 9 · step 1,200 of 2,000 · 6 min left`. */
  readonly activity: string | null;
  /** 0–1 where a share is known. */
  readonly progress: number | null;
}

export const useStatusLine = create<StatusLine>(() => ({ engine: null, activity: null, progress: null }));

/** `setStatus({ activity: 'Run 9 · step 3 of 400', progress: 0.01 })`; null clears a line. */
export const setStatus = (lines: Partial<StatusLine>): void => useStatusLine.setState(lines);
