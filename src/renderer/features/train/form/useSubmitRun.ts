import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../api/client.ts';
import { navigate } from '../../../state/screen.ts';
import { runStarted } from '../useRuns.ts';

/** Starts a run or a sweep, or lets the run wait where another one trains (`busy`), and opens what came of it. */
export function useSubmitRun(busy: boolean) {
  const queries = useQueryClient();
  const start = useMutation(
    api.runs.start.mutationOptions({
      onSuccess: (run) => {
        runStarted(queries, run);
        navigate('train', { run: String(run.id) });
      },
    }),
  );
  const enqueue = useMutation(
    api.runQueue.add.mutationOptions({
      onSuccess: (queue) => {
        queries.setQueryData(api.runQueue.list.queryKey(), queue);
        navigate('train');
      },
    }),
  );
  const sweep = useMutation(
    api.sweeps.start.mutationOptions({
      onSuccess: ({ id }) => {
        for (const key of [api.sweeps.key(), api.runs.list.key(), api.runQueue.list.key()])
          void queries.invalidateQueries({ queryKey: key });
        navigate('train', { sweep: String(id) });
      },
    }),
  );
  return {
    pending: start.isPending || enqueue.isPending || sweep.isPending,
    error: start.error ?? enqueue.error ?? sweep.error,
    run: busy ? enqueue.mutate : start.mutate,
    sweep: sweep.mutate,
    reset: () => {
      start.reset();
      enqueue.reset();
      sweep.reset();
    },
  };
}
