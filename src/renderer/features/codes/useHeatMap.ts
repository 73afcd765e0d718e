import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { decodeHeatMap } from '../../charts/heatMap/data.ts';

/** Whose codes: those by one checkpoint of a run. */
export interface CodesOf {
  readonly runId: number;
  readonly step: number;
}

/** p(z|x) of all prompts by a checkpoint, decoded once. */
export function useHeatMap(of: CodesOf) {
  return useQuery({
    ...api.codes.heatMap.queryOptions({ input: of }),
    select: decodeHeatMap,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
