/** How unlike known ones a prompt is, by what a policy's prior reads of it. */
import { quantile } from './statistics.ts';

/** Distances between known prompts and the nearest other one: what is usual. */
export interface UsualDistance {
  readonly median: number;
  /** Beyond it, one known prompt in a hundred has no other as near. */
  readonly most: number;
}

export interface Near {
  /** Row of the known prompt. */
  readonly row: number;
  readonly distance: number;
}

/** Rows less their mean, each of length 1: states share one large direction that tells nothing. */
function directions(rows: readonly ArrayLike<number>[], centre: Float64Array): Float64Array[] {
  return rows.map((row) => {
    const own = Float64Array.from(
      { length: centre.length },
      (_, at) => (row[at] as number) - (centre[at] as number),
    );
    let square = 0;
    for (const value of own) square += value ** 2;
    const length = Math.sqrt(square);
    return length === 0 ? own : own.map((value) => value / length);
  });
}

function centreOf(rows: readonly ArrayLike<number>[]): Float64Array {
  const centre = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows)
    for (let at = 0; at < centre.length; at++)
      centre[at] = (centre[at] as number) + (row[at] as number) / rows.length;
  return centre;
}

/** 1 − cosine, 0 … 2. */
function distance(a: Float64Array, b: Float64Array): number {
  let product = 0;
  for (let at = 0; at < a.length; at++) product += (a[at] as number) * (b[at] as number);
  return Math.max(0, 1 - product);
}

/** null with fewer than three known prompts. */
export function usualDistance(known: readonly ArrayLike<number>[]): UsualDistance | null {
  if (known.length < 3) return null;
  const unit = directions(known, centreOf(known));
  const nearest = new Float64Array(unit.length).fill(Number.POSITIVE_INFINITY);
  for (let one = 0; one < unit.length; one++) {
    for (let other = 0; other < one; other++) {
      const apart = distance(unit[one] as Float64Array, unit[other] as Float64Array);
      if (apart < (nearest[one] as number)) nearest[one] = apart;
      if (apart < (nearest[other] as number)) nearest[other] = apart;
    }
  }
  return { median: quantile(nearest, 0.5), most: quantile(nearest, 0.99) };
}

/** The nearest known prompts, nearest first. */
export function nearestTo(
  known: readonly ArrayLike<number>[],
  state: ArrayLike<number>,
  count: number,
): Near[] {
  const centre = centreOf(known);
  const unit = directions(known, centre);
  const [own] = directions([state], centre);
  return unit
    .map((row, index) => ({ row: index, distance: distance(row, own as Float64Array) }))
    .sort((a, b) => a.distance - b.distance || a.row - b.row)
    .slice(0, count);
}
