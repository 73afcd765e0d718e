import { useQueries } from '@tanstack/react-query';
import type { PairFilter, PairRow } from '#shared/entities.ts';
import type { Sort } from '#shared/library.ts';
import { api } from '../../api/client.ts';
import { PAGE_ROWS, pagesFor } from './pages.ts';

export interface Rows {
  /** The row at a position; undefined until its page is there. */
  readonly rowAt: (position: number) => PairRow | undefined;
  readonly error: unknown;
}

/** Which rows, in which order, with which fields of their metadata. */
export interface List {
  readonly filter: PairFilter;
  readonly sort: Sort | null;
  readonly fields: readonly string[];
  readonly measures: boolean;
}

/** Fetches the pages that hold positions `first`…`last` and `selected`; pages seen before stay at hand. */
export function useRows(
  list: List,
  first: number,
  last: number,
  total: number,
  selected: number | null,
): Rows {
  const inSight = pagesFor(first, last, total);
  const beside = selected === null ? [] : pagesFor(selected, selected, total);
  const pages = [...new Set([...inSight, ...beside])];
  return useQueries({
    queries: pages.map((page) =>
      api.library.rows.queryOptions({
        input: {
          ...list.filter,
          sort: list.sort,
          fields: [...list.fields],
          measures: list.measures,
          offset: page * PAGE_ROWS,
          limit: PAGE_ROWS,
        },
      }),
    ),
    combine: (results) => ({
      rowAt: (position: number) => {
        const page = pages.indexOf(Math.floor(position / PAGE_ROWS));
        return results[page]?.data?.[position % PAGE_ROWS];
      },
      error: results.find(({ error }) => error !== null)?.error,
    }),
  });
}
