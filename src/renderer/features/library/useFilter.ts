import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { PairFilter } from '#shared/entities.ts';

const DEBOUNCE_MS = 200;

/** What is searched for; `filter` follows `text` once typing rests. */
export function useFilter() {
  const [text, setText] = useState('');
  const [sourceId, setSourceId] = useState<number | null>(null);
  const [status, setStatus] = useState<PairFilter['status']>('all');
  const [settled] = useDebouncedValue(text, DEBOUNCE_MS);
  const filter: PairFilter = { text: settled.trim(), sourceId, status };
  const clear = () => {
    setText('');
    setSourceId(null);
    setStatus('all');
  };
  return { filter, text, setText, setSourceId, setStatus, clear };
}
