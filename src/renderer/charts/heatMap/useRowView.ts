import { useMemo, useState } from 'react';
import type { HeatMapData } from './data.ts';
import { type HeatMapLayout, layoutHeatMap, lineMeans, type RowView } from './layout.ts';
import { panView, revealRow, wholeView, zoomView } from './view.ts';

export interface RowViewState {
  readonly view: RowView;
  readonly layout: HeatMapLayout;
  readonly means: Float32Array;
  readonly zoomed: boolean;
  readonly zoom: (factor: number, anchorRow?: number) => void;
  readonly pan: (rows: number) => void;
  readonly reveal: (row: number) => void;
  readonly showAll: () => void;
}

/** Which prompts are on screen, and how they fall into lines of `height` pixels in all. */
export function useRowView(data: HeatMapData, height: number): RowViewState {
  const [held, setHeld] = useState<{ data: HeatMapData; view: RowView }>({
    data,
    view: wholeView(data.rows),
  });
  // another run's prompts start from the whole
  const view = held.data === data ? held.view : wholeView(data.rows);
  const layout = useMemo(() => layoutHeatMap(data.groups, view, height), [data, view, height]);
  const means = useMemo(() => lineMeans(data, layout.lines), [data, layout]);
  const change = (next: RowView) => setHeld({ data, view: next });
  return {
    view,
    layout,
    means,
    zoomed: view.to - view.from < data.rows,
    zoom: (factor, anchorRow = (view.from + view.to) / 2) =>
      change(zoomView(view, data.rows, factor, anchorRow)),
    pan: (rows) => change(panView(view, data.rows, rows)),
    reveal: (row) => change(revealRow(view, data.rows, row)),
    showAll: () => change(wholeView(data.rows)),
  };
}
