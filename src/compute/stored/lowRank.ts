/** A product of low rank that is added to a weight. */

/** A (rank, columns) and B (rows, rank), of which scale·B A is added to W (rows, columns). */
export interface LowRank {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly rank: number;
  readonly scale: number;
}

/** W + scale·B A, with W (rows, columns) in row order; a new array, summed in float64 and rounded once. */
export function addLowRank(
  base: Float32Array,
  { a, b, rank, scale }: LowRank,
  rows: number,
): Float32Array<ArrayBuffer> {
  const columns = base.length / rows;
  const merged = new Float32Array(base.length);
  const sums = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const at = row * columns;
    sums.set(base.subarray(at, at + columns));
    for (let inner = 0; inner < rank; inner++) {
      const factor = (b[row * rank + inner] as number) * scale;
      if (factor === 0) continue;
      const from = inner * columns;
      for (let column = 0; column < columns; column++)
        sums[column] = (sums[column] as number) + factor * (a[from + column] as number);
    }
    merged.set(sums, at);
  }
  return merged;
}
