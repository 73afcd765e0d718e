import { useEffect, useState } from 'react';
import type { TextDiff } from './textDiff.ts';

interface Compared {
  readonly left: string;
  readonly right: string;
  readonly diff: TextDiff | null;
  readonly error: string | null;
}

export interface DiffState {
  readonly diff: TextDiff | null;
  readonly comparing: boolean;
  readonly error: string | null;
}

const nothing: DiffState = { diff: null, comparing: false, error: null };

/** A worker at rest, kept for the next pair. */
let idle: Worker | null = null;
const takeWorker = () => {
  const worker = idle ?? new Worker(new URL('./textDiff.worker.ts', import.meta.url), { type: 'module' });
  idle = null;
  return worker;
};

/** What differs between two texts; null for both asks nothing. A newer question ends an older one. */
export function useTextDiff(left: string | null, right: string | null): DiffState {
  const [compared, setCompared] = useState<Compared | null>(null);
  useEffect(() => {
    if (left === null || right === null) return;
    const worker = takeWorker();
    let done = false;
    const settle = (result: Pick<Compared, 'diff' | 'error'>) => {
      done = true;
      setCompared({ left, right, ...result });
    };
    worker.onmessage = ({ data }: MessageEvent<TextDiff>) => settle({ diff: data, error: null });
    worker.onerror = ({ message }) => settle({ diff: null, error: message });
    worker.postMessage({ left, right });
    return () => {
      if (!done || idle !== null) worker.terminate();
      else idle = worker;
    };
  }, [left, right]);
  if (left === null || right === null) return nothing;
  if (compared?.left !== left || compared.right !== right)
    return { diff: null, comparing: true, error: null };
  return { diff: compared.diff, comparing: false, error: compared.error };
}
