/** Names on a picture of points: where one of them prevails in what is seen, and more of them the closer one comes. Pure. */
import { type Frame, type ScatterView, toFrame } from './view.ts';

export interface ScatterLabel {
  /** Place in the names. */
  readonly name: number;
  /** In the frame. */
  readonly x: number;
  readonly y: number;
  readonly points: number;
}

const ROWS_READ = 30_000;
const CELL = 130;
const APART_X = 84;
const APART_Y = 22;
const MOST = 24;
/** A cell with fewer of the points that are seen has no name. */
const LEAST_SHARE = 0.005;

interface Tally {
  count: number;
  x: number;
  y: number;
}

export function scatterLabels(
  places: Uint16Array,
  names: Uint16Array,
  known: number,
  view: ScatterView,
  frame: Frame,
): ScatterLabel[] {
  const stride = Math.max(1, Math.ceil(names.length / ROWS_READ));
  const cells = new Map<number, Map<number, Tally>>();
  const columns = Math.max(1, Math.ceil(frame.width / CELL));
  let seen = 0;
  for (let row = 0; row < names.length; row += stride) {
    const name = names[row] as number;
    const at = [places[2 * row] as number, places[2 * row + 1] as number] as const;
    const [x, y] = toFrame(view, frame, at);
    if (x < 0 || y < 0 || x >= frame.width || y >= frame.height) continue;
    seen += 1;
    if (name >= known) continue;
    const cell = Math.floor(y / CELL) * columns + Math.floor(x / CELL);
    const tallies = cells.get(cell) ?? new Map<number, Tally>();
    const tally = tallies.get(name) ?? { count: 0, x: 0, y: 0 };
    tallies.set(name, { count: tally.count + 1, x: tally.x + x, y: tally.y + y });
    cells.set(cell, tallies);
  }
  const labels = [...cells.values()]
    .flatMap((tallies) => [...tallies].sort((a, b) => b[1].count - a[1].count || a[0] - b[0]).slice(0, 1))
    .filter(([, { count }]) => count >= LEAST_SHARE * seen)
    .map(([name, { count, x, y }]) => ({ name, x: x / count, y: y / count, points: count }))
    .sort((a, b) => b.points - a.points || a.name - b.name);
  const placed: ScatterLabel[] = [];
  for (const label of labels) {
    if (placed.length === MOST) break;
    const isFree = placed.every(
      (other) => Math.abs(other.x - label.x) >= APART_X || Math.abs(other.y - label.y) >= APART_Y,
    );
    if (isFree) placed.push(label);
  }
  return placed;
}
