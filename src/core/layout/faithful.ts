/** How far a flat picture keeps what is near what. */
import { randomSource } from '../random.ts';
import { countOf, type Points, squaredDistance, type Tick } from './points.ts';

const MOST_ROWS = 5000;
const ASKED = 500;
export const KEPT_OF = 15;

/** Rows that figures of a layout are measured on, always the same. */
export function layoutSample(count: number, most: number): number[] {
  const rows = Array.from({ length: count }, (_, row) => row);
  if (count <= most) return rows;
  return randomSource({ seed: 0, stream: 'layout.sample', counter: 0 }).shuffle(rows).slice(0, most);
}

/** Share of a row's 15 nearest rows by all features that are among its 15 nearest in the picture; null with too few rows. */
export function neighboursKept(points: Points, picture: Float32Array, tick: Tick): number | null {
  const rows = layoutSample(countOf(points), MOST_ROWS);
  if (rows.length <= 2 * KEPT_OF) return null;
  const flat: Points = { values: picture, width: 2 };
  const nearest = (of: Points, row: number): Set<number> =>
    new Set(
      rows
        .filter((other) => other !== row)
        .map((other) => [squaredDistance(of, row, other), other] as const)
        .sort((a, b) => a[0] - b[0] || a[1] - b[1])
        .slice(0, KEPT_OF)
        .map(([, other]) => other),
    );
  const asked = rows.slice(0, ASKED);
  let kept = 0;
  for (const [at, row] of asked.entries()) {
    tick(at, asked.length);
    const there = nearest(points, row);
    for (const other of nearest(flat, row)) if (there.has(other)) kept += 1;
  }
  return kept / (asked.length * KEPT_OF);
}
