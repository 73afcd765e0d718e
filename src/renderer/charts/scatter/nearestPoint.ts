import { type Frame, type ScatterView, toPicture } from './view.ts';

/** Row of the point nearest to a place of the frame, `most` pixels away at most. */
export function nearestPoint(
  places: Uint16Array,
  view: ScatterView,
  frame: Frame,
  at: readonly [number, number],
  most: number,
): number | null {
  const [x, y] = toPicture(view, frame, at);
  let least = (most / view.scale) ** 2;
  let nearest: number | null = null;
  for (let place = 0; place < places.length; place += 2) {
    const distance = ((places[place] as number) - x) ** 2 + ((places[place + 1] as number) - y) ** 2;
    if (distance > least) continue;
    least = distance;
    nearest = place / 2;
  }
  return nearest;
}
