/** Block formats of llama.cpp's files: `values` numbers of one row share scales and take `bytes` bytes. */
export const BLOCK_FORMATS = {
  Q4_0: { values: 32, bytes: 18 },
  Q4_1: { values: 32, bytes: 20 },
  Q5_0: { values: 32, bytes: 22 },
  Q5_1: { values: 32, bytes: 24 },
  Q8_0: { values: 32, bytes: 34 },
  Q4_K: { values: 256, bytes: 144 },
  Q5_K: { values: 256, bytes: 176 },
  Q6_K: { values: 256, bytes: 210 },
} as const;
export type BlockFormat = keyof typeof BLOCK_FORMATS;

/** Where in a block its 16-bit floats lie: scales, and what minima are counted in. All else are whole numbers. */
export const HALVES_AT: Readonly<Record<BlockFormat, readonly number[]>> = {
  Q4_0: [0],
  Q4_1: [0, 2],
  Q5_0: [0],
  Q5_1: [0, 2],
  Q8_0: [0],
  Q4_K: [0, 2],
  Q5_K: [0, 2],
  Q6_K: [208],
};

/**
 * What each format comes to: `values` numbers share a scale, and a minimum where it has some, and take `bits` bits in
 * memory; five and six are held as eight.
 */
export const GROUPS: Readonly<Record<BlockFormat, Grouping>> = {
  Q4_0: { values: 32, bits: 4, hasMinima: false },
  Q4_1: { values: 32, bits: 4, hasMinima: true },
  Q5_0: { values: 32, bits: 8, hasMinima: false },
  Q5_1: { values: 32, bits: 8, hasMinima: true },
  Q8_0: { values: 32, bits: 8, hasMinima: false },
  Q4_K: { values: 32, bits: 4, hasMinima: true },
  Q5_K: { values: 32, bits: 8, hasMinima: true },
  Q6_K: { values: 16, bits: 8, hasMinima: false },
};
export interface Grouping {
  readonly values: 16 | 32;
  readonly bits: 4 | 8;
  readonly hasMinima: boolean;
}

export const isBlockFormat = (type: string): type is BlockFormat => Object.hasOwn(BLOCK_FORMATS, type);

export type FloatFormat = 'F32' | 'F16' | 'BF16';
export const FLOAT_BYTES: Readonly<Record<FloatFormat, number>> = { F32: 4, F16: 2, BF16: 2 };

/** How a weight's values lie in its file. */
export type FileFormat = FloatFormat | BlockFormat;

/** Bytes of `values` numbers; a format of blocks holds whole ones alone. */
export function bytesOf(format: FileFormat, values: number): number {
  if (!isBlockFormat(format)) return values * FLOAT_BYTES[format];
  const block = BLOCK_FORMATS[format];
  return (values / block.values) * block.bytes;
}
