/** The list of a run, and what is done with its rows. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Audit } from '#shared/auditEntities.ts';
import { api, client } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { queryClient } from '../../api/queryClient.ts';
import { notifyFailure } from '../../components/notify.tsx';
import { createPassStore } from '../../state/passStore.ts';
import { navigate } from '../../state/screen.ts';
import { type Choice, verdictOf } from '../annotate/actions.ts';
import { forgetItems } from '../annotate/annotationStore.ts';
import { excludePairs } from '../codes/pairChange.ts';

/** One at a time: it goes on while another screen is looked at. */
export const making = createPassStore((runId: number, signal) => client.audit.make({ runId }, { signal }));

const storedOf = (runId: number) => api.audit.stored.queryKey({ input: { runId } });

export async function makeAudit(path: string, runId: number): Promise<void> {
  await making.start(path, runId);
  const { figures, ask } = making.use.getState();
  if (figures !== null && ask === runId) queryClient.setQueryData(storedOf(runId), figures);
}

export function useAudit(runId: number | null) {
  return useQuery(
    api.audit.stored.queryOptions({ input: { runId: runId ?? 0 }, enabled: runId !== null, staleTime: 0 }),
  );
}

async function refresh(runId: number): Promise<Audit | null> {
  forgetItems();
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: api.library.key() }),
    queryClient.invalidateQueries({ queryKey: api.audit.item.key() }),
  ]);
  return queryClient.fetchQuery(api.audit.stored.queryOptions({ input: { runId }, staleTime: 0 }));
}

export function useRedecide(runId: number | null, pairId: number | null) {
  /** Pairs decided on this page, the latest last: undo goes back through them. */
  const [decided, setDecided] = useState<readonly number[]>([]);
  const item = useQuery(
    api.audit.item.queryOptions({ input: { pairId: pairId ?? 0 }, enabled: pairId !== null }),
  );
  const decide = useMutation({
    mutationFn: async (asked: {
      readonly choice: Exclude<Choice, 'skip'>;
      readonly durationMs: number | null;
    }) => {
      if (item.data === undefined || runId === null) return;
      const { annotatorId, pair } = item.data;
      const leftKey = pair.left.key;
      await client.audit.decide({
        requestId: crypto.randomUUID(),
        verdict: verdictOf(asked.choice, leftKey) as 'a' | 'b' | 'tie' | 'both_bad',
        ...{ annotatorId, pairId: pair.pairId, leftKey, durationMs: asked.durationMs },
      });
      setDecided((before) => [...before, pair.pairId]);
      await refresh(runId);
    },
    onError: (error) => notifyFailure(failureOf(error)),
  });
  const undo = useMutation({
    mutationFn: async () => {
      const last = decided.at(-1);
      if (last === undefined || runId === null || item.data === undefined) return null;
      const scope = { filter: null, includeSkipped: false };
      const { undo: step } = await client.annotate.queue({ ...scope, pairId: null });
      // Somebody who labels on another page meanwhile takes that back first.
      if (step === null || step.pairId !== last) {
        setDecided([]);
        return null;
      }
      await client.annotate.undo({ ...scope, annotatorId: item.data.annotatorId, step: step.id });
      setDecided((before) => before.slice(0, -1));
      await refresh(runId);
      return last;
    },
    onError: (error) => notifyFailure(failureOf(error)),
  });
  return { item, decide, undo, canUndo: decided.length > 0 };
}

/** Leaves these pairs out, which the Library can undo, and opens the form of a run like this one. */
export function useRetrain(runId: number | null) {
  return useMutation({
    mutationFn: async (pairIds: readonly number[]) => {
      await excludePairs(pairIds);
      if (runId === null) return;
      await refresh(runId);
      navigate('train', { new: 'form', from: String(runId) });
    },
    onError: (error) => notifyFailure(failureOf(error)),
  });
}
