/** Zooming and scrolling over rows. Pure. */
import type { RowView } from './layout.ts';

const FEWEST_ROWS = 12;

export const wholeView = (rows: number): RowView => ({ from: 0, to: rows });

/** Keeps a window of at least a dozen rows inside the data, moving rather than shrinking it at the ends. */
function clampView(from: number, span: number, rows: number): RowView {
  const size = Math.min(rows, Math.max(Math.min(FEWEST_ROWS, rows), Math.round(span)));
  const start = Math.min(rows - size, Math.max(0, Math.round(from)));
  return { from: start, to: start + size };
}

/** `factor` below 1 comes closer; the row under the pointer keeps its place. */
export function zoomView(view: RowView, rows: number, factor: number, anchorRow: number): RowView {
  const span = view.to - view.from;
  const share = span === 0 ? 0.5 : (anchorRow - view.from) / span;
  const next = Math.min(rows, Math.max(Math.min(FEWEST_ROWS, rows), span * factor));
  return clampView(anchorRow - share * next, next, rows);
}

export const panView = (view: RowView, rows: number, by: number): RowView =>
  clampView(view.from + by, view.to - view.from, rows);

/** The least scroll that brings a row on screen. */
export function revealRow(view: RowView, rows: number, row: number): RowView {
  if (row < view.from) return clampView(row, view.to - view.from, rows);
  if (row >= view.to) return clampView(row - (view.to - view.from) + 1, view.to - view.from, rows);
  return view;
}
