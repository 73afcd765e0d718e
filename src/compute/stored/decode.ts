/** Bytes of a weight as its file holds them → float32 in the order in which programs read it. */

import type { Constant } from '../program.ts';
import { decodeBlocks } from './blocks.ts';
import { decodeFloats } from './floats.ts';
import { type BlockFormat, type FileFormat, isBlockFormat } from './formats.ts';
import { addLowRank, type LowRank } from './lowRank.ts';
import { type PackedWeight, packWeight } from './packed.ts';
import { type MadeFormat, quantise } from './quantise.ts';

/**
 * llama.cpp turns neighbouring pairs of a head's rows by one angle, Hugging Face row i and i + size/2: its writer stores the
 * rows of each head as (size/2, 2) where the other reads (2, size/2). This takes the order back. `bytes` holds
 * `heads` heads one after the other, whole rows of `rowBytes`.
 */
export function takeHeadsApart(
  bytes: Uint8Array<ArrayBuffer>,
  heads: number,
  rowBytes: number,
): Uint8Array<ArrayBuffer> {
  const rows = bytes.byteLength / rowBytes;
  const size = rows / heads;
  const apart = new Uint8Array(bytes.byteLength);
  for (let head = 0; head < heads; head += 1) {
    for (let row = 0; row < size; row += 1) {
      const from = head * size + (row % (size / 2)) * 2 + Math.floor(row / (size / 2));
      apart.set(bytes.subarray(from * rowBytes, (from + 1) * rowBytes), (head * size + row) * rowBytes);
    }
  }
  return apart;
}

/** The other way round: rows as llama.cpp's files have them. */
export function putHeadsTogether(
  bytes: Uint8Array<ArrayBuffer>,
  heads: number,
  rowBytes: number,
): Uint8Array<ArrayBuffer> {
  const size = bytes.byteLength / rowBytes / heads;
  const together = new Uint8Array(bytes.byteLength);
  for (let head = 0; head < heads; head += 1) {
    for (let row = 0; row < size; row += 1) {
      const to = head * size + (row % (size / 2)) * 2 + Math.floor(row / (size / 2));
      const from = (head * size + row) * rowBytes;
      together.set(bytes.subarray(from, from + rowBytes), to * rowBytes);
    }
  }
  return together;
}

export interface StoredAs {
  readonly dtype: FileFormat;
  /** Blocks that a weight of another format is made into when it is read; what it is then is what programs and exports see. */
  readonly held?: MadeFormat | undefined;
  /** Heads whose rows llama.cpp interleaved; absent where rows lie as they are read. */
  readonly interleavedHeads?: number | undefined;
  /** Added to every value as it is read: llama.cpp stores Gemma's norms with the 1 that others add. */
  readonly shift?: number | undefined;
  /** Merged into the values as they are read: what training begins from lies this far from the file. */
  readonly added?: LowRank | undefined;
}

/** Whether the file holds values in the order and of the size in which they are read. */
export const liesAsRead = ({ interleavedHeads, shift, added }: StoredAs): boolean =>
  interleavedHeads === undefined && shift === undefined && added === undefined;

const orderedRows = (
  bytes: Uint8Array<ArrayBuffer>,
  { interleavedHeads }: StoredAs,
  rows: number,
): Uint8Array<ArrayBuffer> =>
  interleavedHeads === undefined ? bytes : takeHeadsApart(bytes, interleavedHeads, bytes.byteLength / rows);

/** The format of blocks that a weight is held in, or null where it is held in floats: it has 16 or 32 bits, or no columns. */
export function blocksOf({ spec, source }: Constant): BlockFormat | null {
  if (source.kind !== 'file' || spec.shape.length !== 2) return null;
  if (source.held !== undefined) return source.held;
  return isBlockFormat(source.dtype) && source.added === undefined ? source.dtype : null;
}

const valuesOf = (bytes: Uint8Array<ArrayBuffer>, dtype: FileFormat): Float32Array<ArrayBuffer> =>
  isBlockFormat(dtype) ? decodeBlocks(bytes, dtype) : decodeFloats(bytes, dtype);

/** What the file's bytes stand for, before any of it is held in fewer bits. */
function valuesRead(
  bytes: Uint8Array<ArrayBuffer>,
  stored: StoredAs,
  rows: number,
): Float32Array<ArrayBuffer> {
  const { shift, added } = stored;
  const read = valuesOf(orderedRows(bytes, stored, rows), stored.dtype);
  const values = shift === undefined ? read : read.map((value) => value + shift);
  return added === undefined ? values : addLowRank(values, added, rows);
}

/** `shape`: rows and columns; for a weight of which `blocksOf` gives the format. */
export function packStored(
  bytes: Uint8Array<ArrayBuffer>,
  stored: StoredAs,
  format: BlockFormat,
  shape: readonly [number, number],
): PackedWeight {
  const [rows] = shape;
  if (stored.held === undefined) return packWeight(orderedRows(bytes, stored, rows), format, shape);
  return packWeight(quantise(valuesRead(bytes, stored, rows), stored.held), stored.held, shape);
}

/** `rows`: of the tensor's first axis. */
export function decodeStored(
  bytes: Uint8Array<ArrayBuffer>,
  stored: StoredAs,
  rows: number,
): Float32Array<ArrayBuffer> {
  const values = valuesRead(bytes, stored, rows);
  return stored.held === undefined ? values : decodeBlocks(quantise(values, stored.held), stored.held);
}
