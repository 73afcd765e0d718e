/** Which part of a picture is seen. Pure; the picture runs from 0 to `edge` in both directions. */

export interface ScatterView {
  /** Place of the picture in the middle of the frame. */
  readonly x: number;
  readonly y: number;
  /** Pixels of the frame for one of the picture. */
  readonly scale: number;
}
export interface Frame {
  readonly width: number;
  readonly height: number;
}

const MARGIN = 0.94;
const CLOSEST = 2000;

const fitted = ({ width, height }: Frame, edge: number): number =>
  Math.max(1e-9, (MARGIN * Math.min(width, height)) / edge);

export const wholeView = (frame: Frame, edge: number): ScatterView => ({
  x: edge / 2,
  y: edge / 2,
  scale: fitted(frame, edge),
});

export const toFrame = (
  { x, y, scale }: ScatterView,
  { width, height }: Frame,
  at: readonly [number, number],
) => [(at[0] - x) * scale + width / 2, (at[1] - y) * scale + height / 2] as const;

export const toPicture = (
  { x, y, scale }: ScatterView,
  { width, height }: Frame,
  at: readonly [number, number],
) => [(at[0] - width / 2) / scale + x, (at[1] - height / 2) / scale + y] as const;

/** Comes closer by a factor; what is at the point of the frame stays there. */
export function zoomed(
  view: ScatterView,
  frame: Frame,
  edge: number,
  by: number,
  at: readonly [number, number] = [frame.width / 2, frame.height / 2],
): ScatterView {
  const least = fitted(frame, edge);
  const scale = Math.min(least * CLOSEST, Math.max(least, view.scale * by));
  if (scale === least) return wholeView(frame, edge);
  const [px, py] = toPicture(view, frame, at);
  return {
    scale,
    x: px - (at[0] - frame.width / 2) / scale,
    y: py - (at[1] - frame.height / 2) / scale,
  };
}

/** Moved by pixels of the frame, its middle never out of the picture. */
export function moved(view: ScatterView, edge: number, byX: number, byY: number): ScatterView {
  const within = (value: number) => Math.min(edge, Math.max(0, value));
  return { ...view, x: within(view.x - byX / view.scale), y: within(view.y - byY / view.scale) };
}
