/** Whether what a person did has reached the disk; the header says so. */
import { create } from 'zustand';
import type { Failure } from '#core/result.ts';

export interface SaveState {
  readonly pending: number;
  readonly failure: Failure | null;
  /** Tries again what could not be saved; null when nothing waits. */
  readonly retry: (() => void) | null;
}

export const useSaveState = create<SaveState>(() => ({ pending: 0, failure: null, retry: null }));
