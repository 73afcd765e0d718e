/** Where points lie densest: lines around the smallest areas that hold given shares of what is seen. Pure. */
import { type Frame, type ScatterView, toFrame } from './view.ts';

export const CONTOUR_SHARES = [0.25, 0.5, 0.75, 0.95] as const;

/** Pixels of a cell that points are counted in. */
const CELL = 6;
/** Cells of one standard deviation of the kernel that counts are smoothed by. */
const SPREAD = 2.2;
/** Fewer points have no density worth a line. */
const FEWEST = 20;

interface Grid {
  readonly values: Float64Array;
  readonly columns: number;
  readonly rows: number;
}

export interface Contour {
  /** Of the points seen, those that lie within. */
  readonly share: number;
  /** Path of an SVG in the frame. */
  readonly path: string;
}

/** Counts by cell, with a margin so that lines close outside the frame. */
function counted(
  places: Uint16Array,
  view: ScatterView,
  frame: Frame,
  margin: number,
): Grid & { seen: number } {
  const columns = Math.ceil(frame.width / CELL) + 2 * margin;
  const rows = Math.ceil(frame.height / CELL) + 2 * margin;
  const values = new Float64Array(columns * rows);
  const [left, top] = toFrame(view, frame, [0, 0]);
  let seen = 0;
  for (let at = 0; at < places.length; at += 2) {
    const x = Math.floor(((places[at] as number) * view.scale + left) / CELL) + margin;
    const y = Math.floor(((places[at + 1] as number) * view.scale + top) / CELL) + margin;
    if (x < 0 || y < 0 || x >= columns || y >= rows) continue;
    values[y * columns + x]! += 1;
    seen += 1;
  }
  return { values, columns, rows, seen };
}

/** Smoothed by a Gaussian, first along rows, then along columns. */
function smoothed({ values, columns, rows }: Grid): Grid {
  const reach = Math.ceil(3 * SPREAD);
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, at) =>
    Math.exp(-0.5 * ((at - reach) / SPREAD) ** 2),
  );
  const sum = kernel.reduce((all, weight) => all + weight, 0);
  const pass = (from: Float64Array, step: number, length: number, lines: number, lineStep: number) => {
    const to = new Float64Array(from.length);
    for (let line = 0; line < lines; line++)
      for (let at = 0; at < length; at++) {
        let value = 0;
        for (let offset = -reach; offset <= reach; offset++) {
          const other = at + offset;
          if (other < 0 || other >= length) continue;
          value += (kernel[offset + reach] as number) * (from[line * lineStep + other * step] as number);
        }
        to[line * lineStep + at * step] = value / sum;
      }
    return to;
  };
  const along = pass(values, 1, columns, rows, columns);
  return { values: pass(along, columns, rows, columns, 1), columns, rows };
}

/** Densities above which cells hold these shares of all mass. */
function levelsOf({ values }: Grid, shares: readonly number[]): number[] {
  const falling = values.slice().sort().reverse();
  const all = falling.reduce((sum, value) => sum + value, 0);
  const levels: number[] = [];
  let held = 0;
  for (const value of falling) {
    held += value;
    while (levels.length < shares.length && held >= (shares[levels.length] as number) * all)
      levels.push(value);
  }
  return levels;
}

/** Marching squares (Lorensen and Cline 1987, in the plane) between the middles of cells. */
function pathAt({ values, columns, rows }: Grid, level: number, margin: number): string {
  const parts: string[] = [];
  const place = (cell: number): number => (cell - margin + 0.5) * CELL;
  for (let y = 0; y + 1 < rows; y++)
    for (let x = 0; x + 1 < columns; x++) {
      const at = y * columns + x;
      const corners = [at, at + 1, at + columns + 1, at + columns].map((cell) => values[cell] as number);
      const points: string[] = [];
      for (let side = 0; side < 4; side++) {
        const from = corners[side] as number;
        const to = corners[(side + 1) % 4] as number;
        if (from >= level === to >= level) continue;
        const share = (level - from) / (to - from);
        const alongX = [share, 1, 1 - share, 0][side] as number;
        const alongY = [0, share, 1, 1 - share][side] as number;
        points.push(`${place(x + alongX).toFixed(1)},${place(y + alongY).toFixed(1)}`);
      }
      for (let point = 0; point + 1 < points.length; point += 2)
        parts.push(`M${points[point]}L${points[point + 1]}`);
    }
  return parts.join('');
}

/** Lines around the densest parts of what is seen, the innermost first; none for a handful of points. */
export function contoursOf(places: Uint16Array, view: ScatterView, frame: Frame): Contour[] {
  const margin = Math.ceil(3 * SPREAD) + 1;
  const { seen, ...grid } = counted(places, view, frame, margin);
  if (seen < FEWEST) return [];
  const density = smoothed(grid);
  return levelsOf(density, CONTOUR_SHARES).map((level, at) => ({
    share: CONTOUR_SHARES[at] as number,
    path: pathAt(density, level, margin),
  }));
}
