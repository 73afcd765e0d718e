import { useEffect, useRef } from 'react';
import type { PairFilter } from '#shared/entities.ts';
import type { Sort } from '#shared/library.ts';
import { setFilter, setSort } from './libraryView.ts';

/** Goes back to the list that was shown last, while another waits for its rows; null where none was shown. */
export function useListBefore(filter: PairFilter, sort: Sort | null, isShown: boolean): (() => void) | null {
  const before = useRef<{ readonly filter: PairFilter; readonly sort: Sort | null } | null>(null);
  useEffect(() => {
    if (isShown) before.current = { filter, sort };
  }, [filter, sort, isShown]);
  const list = before.current;
  if (list === null || isShown) return null;
  return () => {
    const { where = {}, ...rest } = list.filter;
    setFilter({ ...rest, where });
    setSort(list.sort);
  };
}
