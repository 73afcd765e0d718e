/** The queue of disagreements on this page: one pair at a time, saved before the next. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Adjudication } from '#shared/adjudicationEntities.ts';
import { api, client } from '../../api/client.ts';
import { queryClient } from '../../api/queryClient.ts';
import { type Choice, verdictOf } from '../annotate/actions.ts';

export function useAdjudication(blind: boolean) {
  const [asked, setAsked] = useState<{ pairId: number | null; after: number | null }>({
    pairId: null,
    after: null,
  });
  /** Pairs settled on this page, the latest last: undo goes back through them. */
  const [settled, setSettled] = useState<readonly number[]>([]);
  const options = api.adjudication.queue.queryOptions({
    input: { ...asked, blind },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const queue = useQuery({ ...options, placeholderData: (before: Adjudication | undefined) => before });
  const decide = useMutation({
    mutationFn: async ({
      choice,
      rationale,
      durationMs,
    }: {
      readonly choice: Exclude<Choice, 'skip'>;
      readonly rationale: string;
      readonly durationMs: number | null;
    }) => {
      const { annotatorId, item } = queue.data ?? {};
      if (annotatorId === undefined || !item) return;
      const { pairId, left } = item.pair;
      const answer = await client.adjudication.decide({
        requestId: crypto.randomUUID(),
        annotatorId,
        pairId,
        verdict: verdictOf(choice, left.key) as 'a' | 'b' | 'tie' | 'both_bad',
        leftKey: left.key,
        durationMs,
        rationale: rationale.trim() === '' ? null : rationale,
        blind,
      });
      setSettled((before) => [...before, pairId]);
      show({ pairId: null, after: pairId }, answer);
      await queryClient.invalidateQueries({ queryKey: api.library.key() });
    },
  });
  const undo = useMutation({
    mutationFn: async () => {
      const pairId = settled.at(-1);
      const annotatorId = queue.data?.annotatorId;
      if (pairId === undefined || annotatorId === undefined) return;
      const scope = { filter: null, includeSkipped: false };
      const { undo: step } = await client.annotate.queue({ ...scope, pairId: null });
      // Somebody who labels on another page meanwhile takes that back first.
      if (step === null || step.pairId !== pairId) {
        setSettled([]);
        return;
      }
      await client.annotate.undo({ ...scope, annotatorId, step: step.id });
      setSettled((before) => before.slice(0, -1));
      show({ pairId, after: null }, await client.adjudication.queue({ pairId, after: null, blind }));
      await queryClient.invalidateQueries({ queryKey: api.library.key() });
    },
  });
  function show(next: typeof asked, answer: Adjudication): void {
    queryClient.setQueryData(api.adjudication.queue.queryKey({ input: { ...next, blind } }), answer);
    setAsked(next);
  }
  return {
    queue,
    decide,
    undo,
    canUndo: settled.length > 0,
    pass: (pairId: number) => setAsked({ pairId: null, after: pairId }),
  };
}
