import { useEffect, useMemo, useRef, useState } from 'react';
import type { HeatMapData, LineFigures } from './data.ts';
import { type HeatMapLayout, type Line, layoutHeatMap, type RowView } from './layout.ts';
import { panView, revealRow, wholeView, zoomView } from './view.ts';

/** Figures of exactly these lines. */
export interface ReadLines {
  readonly lines: readonly Line[];
  readonly figures: LineFigures;
}

export interface RowViewState {
  readonly view: RowView;
  /** What is drawn: the lines that were read last, until those of the view are there. */
  readonly layout: HeatMapLayout;
  readonly figures: LineFigures;
  readonly zoomed: boolean;
  readonly zoom: (factor: number, anchorRow?: number) => void;
  readonly pan: (rows: number) => void;
  readonly reveal: (row: number) => void;
  readonly showAll: () => void;
}

const NOTHING = {
  layout: { lines: [], bands: [], rowsPerLine: 1, height: 0 },
  figures: { means: new Float32Array(0), promptIds: new Uint32Array(0) },
};

/** Which prompts are on screen, and how they fall into lines of `height` pixels in all. `onLines`: which are to be read. */
export function useRowView(
  data: HeatMapData,
  height: number,
  read: ReadLines | null,
  onLines: (lines: readonly Line[]) => void,
): RowViewState {
  const [held, setHeld] = useState<{ data: HeatMapData; view: RowView }>({
    data,
    view: wholeView(data.rows),
  });
  // another run's prompts start from the whole
  const view = held.data === data ? held.view : wholeView(data.rows);
  const wanted = useMemo(() => layoutHeatMap(data.groups, view, height), [data, view, height]);
  const tell = useRef(onLines);
  tell.current = onLines;
  useEffect(() => tell.current(wanted.lines), [wanted]);
  const last = useRef<{ data: HeatMapData; layout: HeatMapLayout; figures: LineFigures } | null>(null);
  if (read !== null && read.lines === wanted.lines)
    last.current = { data, layout: wanted, figures: read.figures };
  const { layout, figures } = last.current?.data === data ? last.current : NOTHING;
  const change = (next: RowView) => setHeld({ data, view: next });
  return {
    view,
    layout,
    figures,
    zoomed: view.to - view.from < data.rows,
    zoom: (factor, anchorRow = (view.from + view.to) / 2) =>
      change(zoomView(view, data.rows, factor, anchorRow)),
    pan: (rows) => change(panView(view, data.rows, rows)),
    reveal: (row) => change(revealRow(view, data.rows, row)),
    showAll: () => change(wholeView(data.rows)),
  };
}
