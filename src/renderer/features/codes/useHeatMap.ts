import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { decodeHeatMap } from '../../charts/heatMap/data.ts';

/** p(z|x) of all prompts of a run, decoded once. */
export function useHeatMap(runId: number) {
  return useQuery({
    ...api.codes.heatMap.queryOptions({ input: { runId } }),
    select: decodeHeatMap,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
