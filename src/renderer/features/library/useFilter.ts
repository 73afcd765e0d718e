import { useEffect, useMemo } from 'react';
import type { PairFilter } from '#shared/entities.ts';
import { setFilter, useLibraryView } from './libraryView.ts';

/** What the table shows. `asked` is a search that another screen asks for. */
export function useFilter(asked: string | undefined): PairFilter {
  useEffect(() => {
    if (asked !== undefined) setFilter({ text: asked, sourceId: null, status: 'all', where: {} });
  }, [asked]);
  const searched = useLibraryView((view) => view.searched);
  const sourceId = useLibraryView((view) => view.sourceId);
  const status = useLibraryView((view) => view.status);
  const where = useLibraryView((view) => view.where);
  return useMemo(
    () => ({
      text: searched.trim(),
      sourceId,
      status,
      ...(Object.keys(where).length === 0 ? {} : { where }),
    }),
    [searched, sourceId, status, where],
  );
}
