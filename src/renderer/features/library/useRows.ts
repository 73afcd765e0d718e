import { useQueries } from '@tanstack/react-query';
import type { PairFilter, PairRow } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { PAGE_ROWS, pagesFor } from './pages.ts';

export interface Rows {
  /** The row at a position; undefined until its page is there. */
  readonly rowAt: (position: number) => PairRow | undefined;
  readonly error: unknown;
}

/** Fetches the pages that hold positions `first`…`last` and `selected`; pages seen before stay at hand. */
export function useRows(
  filter: PairFilter,
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
        input: { ...filter, offset: page * PAGE_ROWS, limit: PAGE_ROWS },
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
