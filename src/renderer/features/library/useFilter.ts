import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useMemo } from 'react';
import type { PairFilter } from '#shared/entities.ts';
import { setFilter, useLibraryView } from './libraryView.ts';

const DEBOUNCE_MS = 200;

/** What the table shows: follows the typed text once typing rests. `asked` is a search that another screen asks for. */
export function useFilter(asked: string | undefined): PairFilter {
  useEffect(() => {
    if (asked !== undefined) setFilter({ text: asked, sourceId: null, status: 'all' });
  }, [asked]);
  const [typed] = useDebouncedValue(
    useLibraryView((view) => view.text),
    DEBOUNCE_MS,
  );
  const sourceId = useLibraryView((view) => view.sourceId);
  const status = useLibraryView((view) => view.status);
  return useMemo(() => ({ text: typed.trim(), sourceId, status }), [typed, sourceId, status]);
}
