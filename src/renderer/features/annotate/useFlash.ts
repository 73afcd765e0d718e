import { useEffect, useState } from 'react';
import type { Choice } from './actions.ts';

const FLASH_MS = 220;

/** The choice made a moment ago, for its button to show. */
export function useFlash(): readonly [Choice | null, (choice: Choice) => void] {
  const [flash, setFlash] = useState<{ readonly choice: Choice } | null>(null);
  useEffect(() => {
    if (flash === null) return;
    const timer = setTimeout(() => setFlash(null), FLASH_MS);
    return () => clearTimeout(timer);
  }, [flash]);
  return [flash?.choice ?? null, (choice) => setFlash({ choice })];
}
