/** Drawing data for line charts: bounded in points whatever the length of the run. Pure. */

export interface Points {
  /** Ascending. */
  readonly x: Float64Array;
  /** NaN where there is no value. */
  readonly y: Float64Array;
}

/**
 * At most two points per column: each column's lowest and highest value, in the order they came, so that no
 * spike is lost. The first and the last point always stay. `reduced` says whether anything was merged.
 */
export function minMaxColumns(points: Points, columns: number): Points & { readonly reduced: boolean } {
  const { x, y } = points;
  const count = Math.min(x.length, y.length);
  if (columns < 1 || count <= columns * 2) return { x, y, reduced: false };
  const first = x[0]!;
  const span = x[count - 1]! - first || 1;
  const kept: number[] = [0];
  const keep = (index: number) => {
    if (index > kept[kept.length - 1]!) kept.push(index);
  };
  let at = 0;
  while (at < count) {
    const column = Math.min(columns - 1, Math.floor(((x[at]! - first) / span) * columns));
    let low = -1;
    let high = -1;
    for (; at < count; at++) {
      if (Math.min(columns - 1, Math.floor(((x[at]! - first) / span) * columns)) !== column) break;
      const value = y[at]!;
      if (Number.isNaN(value)) continue;
      if (low < 0 || value < y[low]!) low = at;
      if (high < 0 || value > y[high]!) high = at;
    }
    if (low < 0) continue;
    keep(Math.min(low, high));
    keep(Math.max(low, high));
  }
  keep(count - 1);
  return {
    x: Float64Array.from(kept, (index) => x[index]!),
    y: Float64Array.from(kept, (index) => y[index]!),
    reduced: true,
  };
}

/** Mean of the last `window` values at every point, gaps left out. */
export function runningMean(values: Float64Array, window: number): Float64Array {
  const out = new Float64Array(values.length);
  let sum = 0;
  let held = 0;
  for (let i = 0; i < values.length; i++) {
    const entering = values[i]!;
    if (!Number.isNaN(entering)) {
      sum += entering;
      held += 1;
    }
    const leaving = i >= window ? values[i - window]! : Number.NaN;
    if (!Number.isNaN(leaving)) {
      sum -= leaving;
      held -= 1;
    }
    out[i] = held > 0 ? sum / held : Number.NaN;
  }
  return out;
}

/** Series with their own x on one shared, ascending x: null where a series has no point. */
export function alignPoints(series: readonly Points[]): [number[], ...(number | null)[][]] {
  const positions = new Set<number>();
  for (const { x } of series) for (const at of x) positions.add(at);
  const shared = [...positions].sort((a, b) => a - b);
  const row = new Map(shared.map((at, index) => [at, index]));
  const columns = series.map(({ x, y }) => {
    const column = new Array<number | null>(shared.length).fill(null);
    for (let i = 0; i < x.length; i++) {
      const value = y[i]!;
      column[row.get(x[i]!)!] = Number.isFinite(value) ? value : null;
    }
    return column;
  });
  return [shared, ...columns];
}

/** The value at `index` or the nearest one before it: evaluations stand until the next one. */
export function valueAtOrBefore(
  column: readonly (number | null)[],
  steps: ArrayLike<number>,
  index: number,
): ReadValue {
  for (let i = Math.min(index, column.length - 1); i >= 0; i--) {
    const value = column[i];
    if (value !== null && value !== undefined) return { value, step: steps[i] ?? null };
  }
  return { value: null, step: null };
}

/** A line's value and the step that it is of: lines have values at different steps. */
export interface ReadValue {
  readonly value: number | null;
  readonly step: number | null;
}

/** Index of the last of ascending steps that is not after `step`; −1 where there is none. */
export function lastUpTo(steps: ArrayLike<number>, step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]! <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The points from `from` to `to`, with one neighbour on either side so that the line runs off the edge. */
export function withinRange(points: Points, from: number, to: number): Points {
  const { x, y } = points;
  let start = 0;
  while (start < x.length - 1 && x[start + 1]! < from) start += 1;
  let end = x.length;
  while (end > start + 1 && x[end - 2]! > to) end -= 1;
  return { x: x.subarray(start, end), y: y.subarray(start, end) };
}

export interface Extent {
  readonly last: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Last, lowest and highest value, for those who can't see the line; null without any. */
export function extentOf({ y }: Points): Extent | null {
  let last = Number.NaN;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const value of y) {
    if (!Number.isFinite(value)) continue;
    last = value;
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  return Number.isNaN(last) ? null : { last, lowest, highest };
}
