/** Prompts × codes as the heat map reads them. Pure. */

export interface RowGroup {
  readonly name: string;
  /** First row of the group. */
  readonly start: number;
  readonly rows: number;
}

export interface HeatMapData {
  readonly codes: number;
  readonly rows: number;
  readonly groups: readonly RowGroup[];
  /** Largest weight: the dark end of the colour scale. */
  readonly largest: number;
}

/** What is drawn of lines, once it is there. */
export interface LineFigures {
  /** Mean weight, lines × codes. */
  readonly means: Float32Array;
  /** The prompt of the line that carries the code most, lines × codes. */
  readonly promptIds: Uint32Array;
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

/** Group of a row, or an empty string past the end. */
export const groupOfRow = (data: HeatMapData, row: number): string =>
  data.groups.find(({ start, rows }) => row >= start && row < start + rows)?.name ?? '';
