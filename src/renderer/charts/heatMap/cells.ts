/** From places on the map to what lies there. Pure. */
import type { LineFigures } from './data.ts';
import { type HeatMapLayout, type Line, lineAt } from './layout.ts';
import type { Geometry } from './paint.ts';

/** A cell as the pointer or the keyboard finds it. */
export interface Cell {
  readonly code: number;
  /** Null above the lines, on a column's number. */
  readonly line: Line | null;
  /** The prompt of the line that carries the code most. */
  readonly promptId: number | null;
  /** Mean weight over the line's prompts. */
  readonly weight: number | null;
}

export interface DrawnMap {
  readonly codes: number;
  readonly layout: HeatMapLayout;
  readonly figures: LineFigures;
  /** Codes from left to right. */
  readonly order: readonly number[];
}

/** The cell of a line (-1 for a column's number) and a column; null beside the columns. */
export function cellOf(
  { codes, layout, figures, order }: DrawnMap,
  lineIndex: number,
  column: number,
): Cell | null {
  const code = order[column];
  if (code === undefined) return null;
  const line = layout.lines[lineIndex];
  if (!line) return { code, line: null, promptId: null, weight: null };
  const at = lineIndex * codes + code;
  return { code, line, promptId: figures.promptIds[at] ?? null, weight: figures.means[at] ?? 0 };
}

/** The cell at a point of the map; null beside the columns, between groups and below the last line. */
export function cellAtPoint(
  map: DrawnMap,
  { left, top, columnWidth }: Geometry,
  x: number,
  y: number,
): Cell | null {
  if (x < left) return null;
  const line = lineAt(map.layout, y - top);
  if (line < 0 && y > top) return null;
  return cellOf(map, line, Math.floor((x - left) / columnWidth));
}
