/** Quantised weights as programs read them: whole rows of levels, 4 or 8 bits each, beside their scales and minima. */
import { type Levels, readLevels } from './blocks.ts';
import { type BlockFormat, GROUPS, type Grouping } from './formats.ts';

/** A weight (rows, columns) of G = columns / grouping.values groups a row. */
export interface PackedWeight {
  readonly rows: number;
  readonly columns: number;
  readonly grouping: Grouping;
  /**
   * 8 bits: (rows, columns), signed. 4 bits: (rows, columns / 2), the low half of byte j is column j and the high half column
   * j + columns / 2; levels without minima are stored 8 higher.
   */
  readonly codes: Int8Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;
  /** (rows, G, 1) */
  readonly scales: Float32Array<ArrayBuffer>;
  readonly minima: Float32Array<ArrayBuffer> | null;
}

/** Added to a level without minimum so that four bits hold it. */
export const FOUR_BIT_OFFSET = 8;

function nibblesOf({ levels, minima }: Levels, rows: number, columns: number): Uint8Array<ArrayBuffer> {
  const half = columns / 2;
  const offset = minima === null ? FOUR_BIT_OFFSET : 0;
  const codes = new Uint8Array(rows * half);
  for (let row = 0; row < rows; row += 1) {
    const from = row * columns;
    for (let column = 0; column < half; column += 1) {
      const low = (levels[from + column] as number) + offset;
      const high = (levels[from + half + column] as number) + offset;
      codes[row * half + column] = low | (high << 4);
    }
  }
  return codes;
}

/** `bytes`: rows of whole blocks in the order in which they are read. */
export function packWeight(
  bytes: Uint8Array,
  format: BlockFormat,
  shape: readonly [number, number],
): PackedWeight {
  const [rows, columns] = shape;
  const grouping = GROUPS[format];
  const read = readLevels(bytes, format);
  const codes = grouping.bits === 4 ? nibblesOf(read, rows, columns) : read.levels;
  return { rows, columns, grouping, codes, scales: read.scales, minima: read.minima };
}

/** Bytes that a weight of these many values takes. */
export function packedBytes(format: BlockFormat, values: number): number {
  const { bits, values: size, hasMinima } = GROUPS[format];
  return (values * bits) / 8 + (values / size) * 4 * (hasMinima ? 2 : 1);
}

/**
 * Codes of four bits as `MatMulNBits` takes them: (rows, G, 16) bytes, byte j of a group its values 2j (low) and 2j + 1
 * (high).
 */
export function pairedNibbles({ rows, columns, codes }: PackedWeight): Uint8Array<ArrayBuffer> {
  const half = columns / 2;
  const paired = new Uint8Array(rows * half);
  for (let row = 0; row < rows; row += 1) {
    const first = row * half;
    const levelAt = (column: number): number =>
      column < half ? (codes[first + column] as number) & 15 : (codes[first + column - half] as number) >> 4;
    for (let pair = 0; pair < half; pair += 1)
      paired[first + pair] = levelAt(2 * pair) | (levelAt(2 * pair + 1) << 4);
  }
  return paired;
}
