/** The two directions along which points spread most (PCA), for a flat map of them. */
import { normals } from './random.ts';

export interface FlatMap {
  /** Two coordinates a row. */
  readonly points: readonly (readonly [number, number])[];
  /** Share of the total variance that each axis carries. */
  readonly explained: readonly [number, number];
}

/** Most rounds of power iteration; a gap between directions too small for them doesn't matter to a picture. */
const ROUNDS = 300;

function norm(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}

/** One more direction of largest spread, at right angles to `found`. */
function direction(
  rows: readonly Float64Array[],
  width: number,
  found: readonly Float64Array[],
): Float64Array {
  let vector = Float64Array.from(normals({ seed: 0, stream: 'pca', counter: found.length }, width));
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(width);
    for (const row of rows) {
      let score = 0;
      for (let at = 0; at < width; at++) score += row[at]! * vector[at]!;
      for (let at = 0; at < width; at++) next[at]! += score * row[at]!;
    }
    for (const other of found) {
      const overlap = next.reduce((sum, value, at) => sum + value * other[at]!, 0);
      for (let at = 0; at < width; at++) next[at]! -= overlap * other[at]!;
    }
    const length = norm(next);
    if (length < 1e-12) return new Float64Array(width);
    for (let at = 0; at < width; at++) next[at]! /= length;
    const moved = Math.sqrt(next.reduce((sum, value, at) => sum + (value - vector[at]!) ** 2, 0));
    vector = next;
    if (moved < 1e-9) break;
  }
  // Either sign is right; the first large value positive makes the map repeatable.
  const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return largest < 0 ? vector.map((value) => -value) : vector;
}

/** Projects rows onto their first two principal components. */
export function flatMap(rows: readonly ArrayLike<number>[]): FlatMap {
  const width = rows[0]?.length ?? 0;
  const centre = new Float64Array(width);
  for (const row of rows) for (let at = 0; at < width; at++) centre[at]! += row[at]! / rows.length;
  const centred = rows.map((row) => Float64Array.from({ length: width }, (_, at) => row[at]! - centre[at]!));
  const axes: Float64Array[] = [];
  for (let axis = 0; axis < 2; axis++) axes.push(direction(centred, width, axes));
  const points = centred.map((row) => {
    const along = (axis: number) => row.reduce((sum, value, at) => sum + value * axes[axis]![at]!, 0);
    return [along(0), along(1)] as const;
  });
  const total = centred.reduce((sum, row) => sum + norm(row) ** 2, 0);
  const share = (axis: 0 | 1) =>
    total > 0 ? points.reduce((sum, point) => sum + point[axis] ** 2, 0) / total : 0;
  return { points, explained: [share(0), share(1)] };
}
