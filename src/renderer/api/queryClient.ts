import { QueryClient } from '@tanstack/react-query';
import { whenReopened } from './connection.ts';
import { CONNECTION_LOST, failureOf } from './failureOf.ts';

/** Main is on this machine: nothing goes stale by time; what changes is invalidated by what changed it. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: 'always',
      staleTime: 5_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 3 && failureOf(error).code === CONNECTION_LOST,
      retryDelay: 200,
    },
    mutations: { networkMode: 'always', retry: false },
  },
});

whenReopened(() => void queryClient.invalidateQueries());
