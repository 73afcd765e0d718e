import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import type { PairFilter } from '#shared/entities.ts';

const DEBOUNCE_MS = 200;

/** What is searched for; `filter` follows `text` once typing rests. */
export function useFilter(startText: string) {
  const [text, setText] = useState(startText);
  const [sourceId, setSourceId] = useState<number | null>(null);
  const [status, setStatus] = useState<PairFilter['status']>('all');
  const [settled] = useDebouncedValue(text, DEBOUNCE_MS);
  useEffect(() => setText(startText), [startText]);
  const filter: PairFilter = { text: settled.trim(), sourceId, status };
  const clear = () => {
    setText('');
    setSourceId(null);
    setStatus('all');
  };
  return { filter, text, setText, setSourceId, setStatus, clear };
}
