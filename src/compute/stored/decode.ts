/** Bytes of a weight as its file holds them → float32 in the order in which programs read it. */
import { decodeBlocks } from './blocks.ts';
import { decodeFloats } from './floats.ts';
import { type FileFormat, isBlockFormat } from './formats.ts';

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
  /** Heads whose rows llama.cpp interleaved; absent where rows lie as they are read. */
  readonly interleavedHeads?: number | undefined;
}

/** `rows`: of the tensor's first axis. */
export function decodeStored(
  bytes: Uint8Array<ArrayBuffer>,
  { dtype, interleavedHeads }: StoredAs,
  rows: number,
): Float32Array<ArrayBuffer> {
  const ordered =
    interleavedHeads === undefined ? bytes : takeHeadsApart(bytes, interleavedHeads, bytes.byteLength / rows);
  return isBlockFormat(dtype) ? decodeBlocks(ordered, dtype) : decodeFloats(ordered, dtype);
}
