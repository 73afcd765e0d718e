/** From places on the map to what lies there. Pure. */
import type { HeatMapData } from './data.ts';
import { type HeatMapLayout, type Line, lineAt, strongestRow } from './layout.ts';
import type { Geometry } from './paint.ts';

/** A cell as the pointer or the keyboard finds it. */
export interface Cell {
  readonly code: number;
  /** Null above the lines, on a column's number. */
  readonly line: Line | null;
  /** The prompt of the line that carries the code most. */
  readonly row: number | null;
  /** Mean weight over the line's prompts. */
  readonly weight: number | null;
}

export interface DrawnMap {
  readonly data: HeatMapData;
  readonly layout: HeatMapLayout;
  readonly means: Float32Array;
  /** Codes from left to right. */
  readonly order: readonly number[];
}

/** The cell of a line (-1 for a column's number) and a column; null beside the columns. */
export function cellOf(
  { data, layout, means, order }: DrawnMap,
  lineIndex: number,
  column: number,
): Cell | null {
  const code = order[column];
  if (code === undefined) return null;
  const line = layout.lines[lineIndex];
  if (!line) return { code, line: null, row: null, weight: null };
  const weight = means[lineIndex * data.codes + code] ?? 0;
  return { code, line, row: strongestRow(data, line, code), weight };
}

/** The cell at a point of the map; null beside the columns, between sources and below the last line. */
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
