import { useState } from 'react';
import type { Written } from './deskDrafts.ts';

/** What is being written of the pair on screen; another pair has nothing open. */
export function useWriting(
  pairId: number | undefined,
): readonly [Written | null, (what: Written | null) => void] {
  const [open, setOpen] = useState<{ readonly pairId: number; readonly what: Written } | null>(null);
  const writing = open !== null && open.pairId === pairId ? open.what : null;
  return [
    writing,
    (what) => setOpen(what === null || pairId === undefined || what === writing ? null : { pairId, what }),
  ];
}
