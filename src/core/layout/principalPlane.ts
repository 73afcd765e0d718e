/** The plane in which rows spread most (PCA). */
import { normals } from '../random.ts';
import { countOf, type Points, type Tick } from './points.ts';

export interface Plane {
  /** Rows × 2. */
  readonly coordinates: Float32Array;
  /** Share of the rows' variance that lies in each direction. */
  readonly explained: readonly [number, number];
}

/** Directions of more rows than this are found on as many of them, evenly spaced. */
const ROWS_FOR_AXES = 20_000;
const ROUNDS = 500;
const ROWS_A_TICK = 512;

/** Sums of products of centred columns, width × width. */
function covariance(points: Points, centre: Float64Array, rows: number, tick: () => void): Float64Array {
  const { values, width } = points;
  const count = countOf(points);
  const out = new Float64Array(width * width);
  const row = new Float64Array(width);
  for (let at = 0; at < rows; at++) {
    if (at % ROWS_A_TICK === 0) tick();
    const first = Math.floor((at * count) / rows) * width;
    for (let i = 0; i < width; i++) row[i] = (values[first + i] as number) - (centre[i] as number);
    for (let i = 0; i < width; i++) {
      const value = row[i] as number;
      for (let j = i; j < width; j++)
        out[i * width + j] = (out[i * width + j] as number) + value * (row[j] as number);
    }
  }
  for (let i = 0; i < width; i++)
    for (let j = 0; j < i; j++) out[i * width + j] = out[j * width + i] as number;
  return out;
}

/** One more direction, at right angles to `found`, by power iteration. */
function direction(matrix: Float64Array, width: number, found: readonly Float64Array[]): Float64Array {
  let vector = Float64Array.from(normals({ seed: 0, stream: 'plane', counter: found.length }, width));
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(width);
    for (let i = 0; i < width; i++) {
      let sum = 0;
      for (let j = 0; j < width; j++) sum += (matrix[i * width + j] as number) * (vector[j] as number);
      next[i] = sum;
    }
    for (const other of found) {
      const overlap = next.reduce((sum, value, at) => sum + value * (other[at] as number), 0);
      for (let at = 0; at < width; at++) next[at] = (next[at] as number) - overlap * (other[at] as number);
    }
    const length = Math.sqrt(next.reduce((sum, value) => sum + value * value, 0));
    if (length < 1e-12) return new Float64Array(width);
    const previous = vector;
    vector = next.map((value) => value / length);
    const moved = vector.reduce((sum, value, at) => sum + (value - (previous[at] as number)) ** 2, 0);
    if (moved < 1e-18) break;
  }
  // Either sign is right; the largest value positive makes the picture repeatable.
  const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return largest < 0 ? vector.map((value) => -value) : vector;
}

export function principalPlane(points: Points, tick: Tick): Plane {
  const { values, width } = points;
  const count = countOf(points);
  const rows = Math.min(count, ROWS_FOR_AXES);
  const centre = new Float64Array(width);
  for (let at = 0; at < values.length; at++)
    centre[at % width] = (centre[at % width] as number) + (values[at] as number) / count;
  const matrix = covariance(points, centre, rows, () => tick(0, 2));
  const axes: Float64Array[] = [];
  for (let axis = 0; axis < 2; axis++) axes.push(direction(matrix, width, axes));
  const coordinates = new Float32Array(count * 2);
  const along: [number, number] = [0, 0];
  let spread = 0;
  for (let row = 0; row < count; row++) {
    if (row % ROWS_A_TICK === 0) tick(1, 2);
    const at: [number, number] = [0, 0];
    for (let i = 0; i < width; i++) {
      const value = (values[row * width + i] as number) - (centre[i] as number);
      spread += value * value;
      at[0] += value * (axes[0]?.[i] as number);
      at[1] += value * (axes[1]?.[i] as number);
    }
    coordinates.set(at, row * 2);
    along[0] += at[0] ** 2;
    along[1] += at[1] ** 2;
  }
  return { coordinates, explained: spread > 0 ? [along[0] / spread, along[1] / spread] : [0, 0] };
}
