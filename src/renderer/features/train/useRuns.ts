import { type QueryClient, useQuery } from '@tanstack/react-query';
import type { Run } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { isActive } from './runWords.ts';

const POLL_MS = 2_000;

/** All runs, newest first; asked again every two seconds while one is at work. */
export function useRuns(enabled = true) {
  return useQuery(
    api.runs.list.queryOptions({
      enabled,
      select: (runs) => [...runs].sort((a, b) => b.id - a.id),
      refetchInterval: ({ state }) => (state.data?.some(isActive) ? POLL_MS : false),
    }),
  );
}

/** Puts a run just started into the list, so that its page opens at once. */
export function runStarted(queries: QueryClient, run: Run): void {
  queries.setQueryData(api.runs.list.queryKey(), (runs) => [...(runs ?? []), run]);
  void queries.invalidateQueries({ queryKey: api.runs.list.key() });
  void queries.invalidateQueries({ queryKey: api.project.current.key() });
}
