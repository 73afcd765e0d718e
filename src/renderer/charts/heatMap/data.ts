/** Prompts × codes weights as the heat map reads them. Pure. */

export interface SourceGroup {
  readonly source: string;
  /** First row of the group. */
  readonly start: number;
  readonly rows: number;
}

export interface HeatMapData {
  readonly codes: number;
  readonly rows: number;
  readonly groups: readonly SourceGroup[];
  readonly promptIds: readonly number[];
  /** rows × codes. */
  readonly weights: Float32Array;
  /** Largest weight: the dark end of the colour scale. */
  readonly largest: number;
}

interface EncodedHeatMap {
  readonly codes: number;
  readonly rows: number;
  readonly groups: readonly SourceGroup[];
  readonly promptIds: readonly number[];
  /** rows × codes little-endian float32, base64. */
  readonly weights: string;
}

/** Throws a RangeError when the weights don't hold rows × codes numbers: a cut answer must not be drawn. */
export function decodeHeatMap(encoded: EncodedHeatMap): HeatMapData {
  const text = atob(encoded.weights);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const expected = encoded.rows * encoded.codes;
  if (bytes.byteLength !== expected * 4)
    throw new RangeError(
      `The heat map holds ${bytes.byteLength} bytes where ${encoded.rows} prompts × ${encoded.codes} codes need ${expected * 4}.`,
    );
  const view = new DataView(bytes.buffer);
  const weights = new Float32Array(expected);
  let largest = 0;
  for (let i = 0; i < expected; i++) {
    const weight = view.getFloat32(i * 4, true);
    weights[i] = weight;
    if (weight > largest) largest = weight;
  }
  return {
    codes: encoded.codes,
    rows: encoded.rows,
    groups: encoded.groups,
    promptIds: encoded.promptIds,
    weights,
    largest,
  };
}

/** Weights of one prompt, (codes). */
export const rowWeights = (data: HeatMapData, row: number): Float32Array =>
  data.weights.subarray(row * data.codes, (row + 1) * data.codes);

/** Weights of one code over all prompts, (rows). */
export function codeWeights(data: HeatMapData, code: number): Float32Array {
  const out = new Float32Array(data.rows);
  for (let row = 0; row < data.rows; row++) out[row] = data.weights[row * data.codes + code]!;
  return out;
}

/** Codes of one prompt, strongest first. */
export function strongestCodes(
  weights: ArrayLike<number>,
  limit: number,
): readonly { readonly code: number; readonly weight: number }[] {
  return Array.from({ length: weights.length }, (_, code) => ({ code, weight: weights[code]! }))
    .sort((a, b) => b.weight - a.weight || a.code - b.code)
    .slice(0, limit);
}

/** How many prompts fall in each of `bins` equal steps of weight from 0 to 1; 1 belongs to the last. */
export function weightHistogram(weights: ArrayLike<number>, bins: number): readonly number[] {
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < weights.length; i++) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(weights[i]! * bins)));
    counts[bin] = counts[bin]! + 1;
  }
  return counts;
}

/** Source of a row, or an empty string past the end. */
export const sourceOfRow = (data: HeatMapData, row: number): string =>
  data.groups.find(({ start, rows }) => row >= start && row < start + rows)?.source ?? '';
