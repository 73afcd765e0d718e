/** Where each line of the heat map lies, and how many prompts it stands for. Pure, in CSS pixels. */
import type { RowGroup } from './data.ts';

/** Rows on screen: from ≤ row < to. */
export interface RowView {
  readonly from: number;
  readonly to: number;
}

export interface Line {
  /** First prompt of the line and how many it averages; never more than one group. */
  readonly start: number;
  readonly rows: number;
  readonly y: number;
  readonly height: number;
}

interface Band {
  readonly name: string;
  readonly y: number;
  readonly height: number;
  /** Prompts of the whole group, shown or not. */
  readonly rows: number;
}

export interface HeatMapLayout {
  readonly lines: readonly Line[];
  readonly bands: readonly Band[];
  /** Most prompts that one line averages: above 1 the screen says so. */
  readonly rowsPerLine: number;
  readonly height: number;
}

const LINE_LEAST = 4;
const LINE_MOST = 16;

export function layoutHeatMap(groups: readonly RowGroup[], view: RowView, height: number): HeatMapLayout {
  const shown = groups
    .map((group) => ({
      name: group.name,
      all: group.rows,
      start: Math.max(group.start, view.from),
      end: Math.min(group.start + group.rows, view.to),
    }))
    .filter(({ start, end }) => end > start);
  const rows = shown.reduce((sum, { start, end }) => sum + end - start, 0);
  if (rows === 0 || height <= 0) return { lines: [], bands: [], rowsPerLine: 1, height: 0 };
  const gap = shown.length * 24 > height ? 1 : 10;
  const room = Math.max(shown.length, height - gap * (shown.length - 1));
  const rowsPerLine = Math.max(1, Math.ceil((rows * LINE_LEAST) / room));
  const count = shown.reduce((sum, { start, end }) => sum + Math.ceil((end - start) / rowsPerLine), 0);
  const lineHeight = Math.min(LINE_MOST, room / count);
  const lines: Line[] = [];
  const bands: Band[] = [];
  let y = 0;
  for (const { name, all, start, end } of shown) {
    const top = y;
    for (let row = start; row < end; row += rowsPerLine) {
      lines.push({ start: row, rows: Math.min(rowsPerLine, end - row), y, height: lineHeight });
      y += lineHeight;
    }
    bands.push({ name, y: top, height: y - top, rows: all });
    y += gap;
  }
  return { lines, bands, rowsPerLine, height: y - gap };
}

/** Index of the line at `y`, or -1 in a gap or outside. */
export function lineAt(layout: HeatMapLayout, y: number): number {
  let low = 0;
  let high = layout.lines.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const line = layout.lines[middle]!;
    if (y < line.y) high = middle - 1;
    else if (y >= line.y + line.height) low = middle + 1;
    else return middle;
  }
  return -1;
}

/** Index of the line that holds `row`, or -1 when it is not on screen. */
export const lineOfRow = (layout: HeatMapLayout, row: number): number =>
  layout.lines.findIndex(({ start, rows }) => row >= start && row < start + rows);
