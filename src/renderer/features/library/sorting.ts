import type { Sort, SortColumn } from '#shared/library.ts';

/** Which way is asked for first: what is large or new before what is small or old. */
const LARGE_FIRST: readonly SortColumn[] = ['margin', 'decided', 'promptLength', 'aLength', 'bLength'];

/** One way, the other way, then the order in which pairs came. Pure. */
export function nextSort(sort: Sort | null, column: SortColumn): Sort | null {
  const first = LARGE_FIRST.includes(column);
  if (sort?.column !== column) return { column, descending: first };
  return sort.descending === first ? { column, descending: !first } : null;
}
