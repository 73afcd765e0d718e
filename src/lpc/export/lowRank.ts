export interface LowRankSize {
  readonly rows: number;
  readonly columns: number;
  readonly rank: number;
  readonly scale: number;
}

/** W + scale·B A, with W (rows, columns), A (rank, columns), B (rows, rank); a new array, summed in float64. */
export function addLowRank(
  base: Float32Array,
  { a, b }: { readonly a: Float32Array; readonly b: Float32Array },
  { rows, columns, rank, scale }: LowRankSize,
): Float32Array {
  const merged = new Float32Array(base.length);
  const sums = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    sums.fill(0);
    for (let inner = 0; inner < rank; inner++) {
      const factor = (b[row * rank + inner] as number) * scale;
      if (factor === 0) continue;
      const from = inner * columns;
      for (let column = 0; column < columns; column++)
        sums[column] = (sums[column] as number) + factor * (a[from + column] as number);
    }
    const at = row * columns;
    for (let column = 0; column < columns; column++)
      merged[at + column] = (base[at + column] as number) + (sums[column] as number);
  }
  return merged;
}
