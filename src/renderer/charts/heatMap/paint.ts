/** Draws the map on a canvas. Lengths in CSS pixels; the context is scaled to the device before. */
import type { Line } from './layout.ts';

export interface Geometry {
  /** Left edge of the first column. */
  readonly left: number;
  /** Top edge of the first line. */
  readonly top: number;
  readonly columnWidth: number;
}

export interface Colours {
  readonly text: string;
  readonly accent: string;
  readonly codeColour: (code: number) => string;
}

/** Opacity of a weight: below proportional, so that weak codes stay visible. */
const intensity = (weight: number, largest: number): number =>
  largest <= 0 ? 0 : Math.min(1, Math.max(0, weight / largest)) ** 0.7;

export function sizeCanvas(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

export function paintCells(
  context: CanvasRenderingContext2D,
  lines: readonly Line[],
  means: Float32Array,
  order: readonly number[],
  codes: number,
  largest: number,
  { left, top, columnWidth }: Geometry,
  colours: Colours,
): void {
  const width = Math.max(1, columnWidth - (columnWidth > 6 ? 1.5 : 0.5));
  order.forEach((code, column) => {
    context.fillStyle = colours.codeColour(code);
    lines.forEach(({ y, height }, line) => {
      context.globalAlpha = intensity(means[line * codes + code]!, largest);
      context.fillRect(left + column * columnWidth, top + y, width, height > 5 ? height - 0.9 : height);
    });
  });
  context.globalAlpha = 1;
}

/** Column numbers; every n-th where they would touch. */
export function paintHeader(
  context: CanvasRenderingContext2D,
  order: readonly number[],
  selected: number | null,
  { left, top, columnWidth }: Geometry,
  colours: Colours,
): void {
  const every = Math.ceil(17 / columnWidth);
  const at = selected === null ? -1 : order.indexOf(selected);
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  order.forEach((code, column) => {
    const crowded = at >= 0 && column !== at && Math.abs(column - at) < every;
    if ((column % every !== 0 || crowded) && code !== selected) return;
    context.font = `${code === selected ? '700 ' : ''}11px system-ui, "DejaVu Sans", sans-serif`;
    context.globalAlpha = code === selected ? 1 : 0.75;
    context.fillStyle = colours.text;
    context.fillText(String(code), left + (column + 0.5) * columnWidth - 0.75, top - 6);
  });
  context.globalAlpha = 1;
}

export interface Marks {
  readonly hover: { readonly line: Line | null; readonly column: number } | null;
  readonly cursor: { readonly line: Line; readonly column: number } | null;
  readonly selectedColumn: number | null;
  readonly selectedLine: Line | null;
}

/** Hover, cursor and selection, on a layer of their own. */
export function paintMarks(
  context: CanvasRenderingContext2D,
  marks: Marks,
  columns: number,
  height: number,
  { left, top, columnWidth }: Geometry,
  colours: Colours,
): void {
  const width = columns * columnWidth;
  context.fillStyle = colours.text;
  context.globalAlpha = 0.09;
  if (marks.hover) context.fillRect(left + marks.hover.column * columnWidth - 1, top, columnWidth, height);
  if (marks.hover?.line) context.fillRect(left, top + marks.hover.line.y, width, marks.hover.line.height);
  context.globalAlpha = 1;
  context.strokeStyle = colours.text;
  context.lineWidth = 1.5;
  if (marks.selectedColumn !== null)
    context.strokeRect(
      left + marks.selectedColumn * columnWidth - 1.5,
      top - 2,
      columnWidth + 0.5,
      height + 4,
    );
  if (marks.selectedLine)
    context.strokeRect(left - 2, top + marks.selectedLine.y - 1, width + 3, marks.selectedLine.height + 1);
  if (marks.cursor) {
    const { line, column } = marks.cursor;
    context.strokeStyle = colours.accent;
    context.lineWidth = 2.5;
    context.strokeRect(left + column * columnWidth - 2, top + line.y - 2, columnWidth + 2, line.height + 3);
  }
}
