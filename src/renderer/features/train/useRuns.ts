import { useQuery } from '@tanstack/react-query';
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
