/** The queue of single replies on this page: one at a time, saved before the next. */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { RatingQueue } from '#shared/ratingEntities.ts';
import { api, client } from '../../api/client.ts';
import { queryClient } from '../../api/queryClient.ts';

export function useRatings() {
  const options = api.ratings.queue.queryOptions({ staleTime: Number.POSITIVE_INFINITY });
  const queue = useQuery(options);
  const taken = {
    onSuccess: (answer: RatingQueue | undefined) => {
      if (answer) queryClient.setQueryData(api.ratings.queue.queryKey(), answer);
    },
    // What stands is main's to say.
    onError: () => queryClient.invalidateQueries({ queryKey: api.ratings.key() }),
  };
  const rate = useMutation({
    mutationFn: async ({ value, durationMs }: { value: number | null; durationMs: number }) => {
      const { annotatorId, scale, item } = queue.data ?? {};
      if (annotatorId === undefined || scale === undefined || !item) return undefined;
      const requestId = crypto.randomUUID();
      return client.ratings.rate({ requestId, annotatorId, replyId: item.replyId, scale, value, durationMs });
    },
    ...taken,
  });
  const move = useMutation({
    mutationFn: async (what: 'undo' | 'redo') => {
      const { annotatorId } = queue.data ?? {};
      const step = queue.data?.[what];
      if (annotatorId === undefined || !step) return undefined;
      return client.ratings[what]({ annotatorId, step: step.id });
    },
    ...taken,
  });
  return { queue, rate, move };
}
