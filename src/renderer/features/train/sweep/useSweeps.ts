import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Sweep } from '#shared/sweepContract.ts';
import { api } from '../../../api/client.ts';
import { isAtWork } from './sweepWords.ts';

const POLL_MS = 2_000;

/** Sweeps of the project, the newest first; `busy` while a run trains. */
export function useSweeps(busy: boolean) {
  return useQuery(
    api.sweeps.list.queryOptions({
      refetchInterval: ({ state }) =>
        busy || state.data?.some(({ waiting, paused }) => waiting > 0 && !paused) ? POLL_MS : false,
    }),
  );
}

/** Asked again for as long as the table itself shows a run at work: the list of runs may hear of its end first. */
export const useSweepTable = (id: number, busy: boolean) =>
  useQuery(
    api.sweeps.table.queryOptions({
      input: { id },
      refetchInterval: ({ state }) => (busy || (state.data && isAtWork(state.data)) ? POLL_MS : false),
    }),
  );

/** Pause, go on and cancel of a sweep; lists follow. */
export function useSweepActions() {
  const queries = useQueryClient();
  const onSettled = () => {
    for (const key of [api.sweeps.key(), api.runs.list.key(), api.runQueue.list.key()])
      void queries.invalidateQueries({ queryKey: key });
  };
  const pause = useMutation(api.sweeps.pause.mutationOptions({ onSettled }));
  const goOn = useMutation(api.sweeps.goOn.mutationOptions({ onSettled }));
  const cancel = useMutation(api.sweeps.cancel.mutationOptions({ onSettled }));
  return {
    pending: pause.isPending || goOn.isPending || cancel.isPending,
    error: pause.error ?? goOn.error ?? cancel.error,
    pause: ({ id }: Sweep) => pause.mutate({ id }),
    goOn: ({ id }: Sweep) => goOn.mutate({ id }),
    cancel: ({ id }: Sweep) => cancel.mutate({ id }),
  };
}
