import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Run } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { isActive } from './runWords.ts';

/** Stop, pause and resume of one run; the list follows. */
export function useRunActions(run: Run | null, runs: readonly Run[]) {
  const queries = useQueryClient();
  const replace = (changed: Run) =>
    queries.setQueryData(api.runs.list.queryKey(), (all) =>
      all?.map((other) => (other.id === changed.id ? changed : other)),
    );
  const onSettled = () => queries.invalidateQueries({ queryKey: api.runs.list.key() });
  const stop = useMutation(api.runs.stop.mutationOptions({ onSuccess: replace, onSettled }));
  const pause = useMutation(api.runs.pause.mutationOptions({ onSuccess: replace, onSettled }));
  const resume = useMutation(api.runs.resume.mutationOptions({ onSuccess: replace, onSettled }));
  const canPause = run?.state === 'running' && !stop.isPending && !pause.isPending;
  const otherBusy = runs.some((other) => isActive(other) && other.id !== run?.id);
  const canResume = run?.resumable === true && !isActive(run) && !otherBusy && !resume.isPending;
  return {
    pending: { stop: stop.isPending, pause: pause.isPending, resume: resume.isPending },
    error: stop.error ?? pause.error ?? resume.error,
    otherBusy,
    stop: () => run && stop.mutate({ runId: run.id }),
    pause: () => canPause && pause.mutate({ runId: run.id }),
    /** With a smaller token budget where one is given. */
    resume: (tokenBudget?: number) => canResume && resume.mutate({ runId: run.id, tokenBudget }),
  };
}

export type RunActions = ReturnType<typeof useRunActions>;
