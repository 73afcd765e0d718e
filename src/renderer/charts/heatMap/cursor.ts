/** The keyboard's cell and how keys move it. Pure. */
import { type HeatMapLayout, lineOfRow } from './layout.ts';

export interface Cursor {
  /** First prompt of the line the cursor is on. */
  readonly row: number;
  /** Position among the columns as they are ordered now. */
  readonly column: number;
}

const LINES_PER_PAGE = 10;

/**
 * The cell a key leads to, or null for keys that don't move. Steps go by lines as drawn now; a step past the last
 * visible line goes on by the same number of prompts, and the view follows.
 */
export function moveCursor(
  cursor: Cursor,
  key: string,
  layout: HeatMapLayout,
  columns: number,
  rows: number,
): Cursor | null {
  const sideways = { ArrowLeft: -1, ArrowRight: 1, Home: -columns, End: columns }[key];
  if (sideways !== undefined)
    return { ...cursor, column: Math.min(columns - 1, Math.max(0, cursor.column + sideways)) };
  const lines = { ArrowUp: -1, ArrowDown: 1, PageUp: -LINES_PER_PAGE, PageDown: LINES_PER_PAGE }[key];
  if (lines === undefined) return null;
  const at = lineOfRow(layout, cursor.row);
  const target = layout.lines[at + lines];
  if (at >= 0 && target) return { ...cursor, row: target.start };
  const row = cursor.row + lines * layout.rowsPerLine;
  return { ...cursor, row: Math.min(rows - 1, Math.max(0, row)) };
}
