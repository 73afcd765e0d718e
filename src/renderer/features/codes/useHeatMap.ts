import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { HeatGroup } from '#shared/heatMap.ts';
import { api } from '../../api/client.ts';
import type { Line } from '../../charts/heatMap/layout.ts';
import type { ReadLines } from '../../charts/heatMap/useRowView.ts';
import { floatsOf, uint32sOf } from './map/encoded.ts';

/** Whose codes: those by one checkpoint of a run. */
export interface CodesOf {
  readonly runId: number;
  readonly step: number;
}

const NO_LINES: readonly Line[] = [];

/** Where groups lie, and the figures of the lines on screen, read as they come into view. */
export function useHeatMap(of: CodesOf, by: HeatGroup, promptId: number | null) {
  const [lines, setLines] = useState(NO_LINES);
  const map = useQuery({
    ...api.codes.heatMap.queryOptions({ input: { ...of, by } }),
    // Tags and annotators change while the screen is closed.
    staleTime: by === 'source' || by === 'cluster' ? Number.POSITIVE_INFINITY : 0,
  });
  const asked = lines.map(({ start, rows }) => ({ start, rows }));
  const values = useQuery({
    ...api.codes.heatLines.queryOptions({ input: { ...of, ask: { by, lines: asked, promptId } } }),
    enabled: lines.length > 0,
    gcTime: 30_000,
  });
  const { data } = values;
  const read = useMemo(
    (): ReadLines | null =>
      data ? { lines, figures: { means: floatsOf(data.means), promptIds: uint32sOf(data.promptIds) } } : null,
    [data, lines],
  );
  return {
    map: map.data,
    read,
    selectedRow: data?.place ?? null,
    error: map.error ?? values.error,
    again: () => void Promise.all([map.refetch(), values.refetch()]),
    onLines: setLines,
  };
}
