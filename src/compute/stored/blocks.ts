/**
 * Blocks of quantised weights as levels, scales and minima, as llama.cpp's ggml-quants.c defines each format: a value is
 * level · scale − minimum. Products are rounded to float32 before a sum, as a float32 implementation does, so that values
 * agree with it to the bit.
 */
import { halfToNumber } from './floats.ts';
import { BLOCK_FORMATS, type BlockFormat, GROUPS } from './formats.ts';

/** Values in their order; each group of them (`GROUPS`) has a scale and, where its format has minima, a minimum. */
export interface Levels {
  readonly levels: Int8Array<ArrayBuffer>;
  readonly scales: Float32Array<ArrayBuffer>;
  readonly minima: Float32Array<ArrayBuffer> | null;
}

/** Writes the block that begins at byte `at` of `bytes`: levels from `to` on, scales and minima from `group` on. */
type ReadBlock = (
  bytes: Uint8Array,
  at: number,
  out: { levels: Int8Array; scales: Float32Array; minima: Float32Array },
  to: number,
  group: number,
) => void;

const half = (bytes: Uint8Array, at: number): number =>
  halfToNumber((bytes[at] as number) | ((bytes[at + 1] as number) << 8));

const signed = (byte: number): number => (byte << 24) >> 24;

/** Values of four bits: the low halves of 16 bytes, then the high ones; `offset` is added to each, `minimum` to each product. */
function nibbles(offset: number, minimum: boolean): ReadBlock {
  return (bytes, at, { levels, scales, minima }, to, group) => {
    scales[group] = half(bytes, at);
    if (minimum) minima[group] = -half(bytes, at + 2);
    const first = at + (minimum ? 4 : 2);
    for (let index = 0; index < 16; index += 1) {
      const byte = bytes[first + index] as number;
      levels[to + index] = (byte & 15) + offset;
      levels[to + index + 16] = (byte >> 4) + offset;
    }
  };
}

/** The same with a fifth bit of each value in a word of 32 before them. */
function fiveBits(offset: number, minimum: boolean): ReadBlock {
  return (bytes, at, { levels, scales, minima }, to, group) => {
    scales[group] = half(bytes, at);
    if (minimum) minima[group] = -half(bytes, at + 2);
    const high = at + (minimum ? 4 : 2);
    const first = high + 4;
    const bit = (index: number): number => (((bytes[high + (index >> 3)] as number) >> (index & 7)) & 1) << 4;
    for (let index = 0; index < 16; index += 1) {
      const byte = bytes[first + index] as number;
      levels[to + index] = ((byte & 15) | bit(index)) + offset;
      levels[to + index + 16] = ((byte >> 4) | bit(index + 16)) + offset;
    }
  };
}

const eightBits: ReadBlock = (bytes, at, { levels, scales }, to, group) => {
  scales[group] = half(bytes, at);
  for (let index = 0; index < 32; index += 1) levels[to + index] = signed(bytes[at + 2 + index] as number);
};

/** Scale and minimum of sub-block `index` of 8, six bits each, packed into 12 bytes from `at`. */
function scaleAndMinimum(bytes: Uint8Array, at: number, index: number): readonly [number, number] {
  const byte = (offset: number): number => bytes[at + offset] as number;
  if (index < 4) return [byte(index) & 63, byte(index + 4) & 63];
  return [
    (byte(index + 4) & 15) | ((byte(index - 4) >> 6) << 4),
    (byte(index + 4) >> 4) | ((byte(index) >> 6) << 4),
  ];
}

/** Q4_K and Q5_K: eight sub-blocks of 32 with a scale and a minimum each; the fifth bits, where there are, come first. */
function kBlock(withFifth: boolean): ReadBlock {
  return (bytes, at, { levels, scales, minima }, to, group) => {
    const scale = half(bytes, at);
    const least = half(bytes, at + 2);
    const fifths = at + 16;
    const first = fifths + (withFifth ? 32 : 0);
    for (let sub = 0; sub < 8; sub += 1) {
      const [subScale, subLeast] = scaleAndMinimum(bytes, at + 4, sub);
      scales[group + sub] = scale * subScale;
      minima[group + sub] = least * subLeast;
      const values = first + (sub >> 1) * 32;
      const shift = (sub & 1) * 4;
      for (let index = 0; index < 32; index += 1) {
        let level = ((bytes[values + index] as number) >> shift) & 15;
        if (withFifth) level |= (((bytes[fifths + index] as number) >> sub) & 1) << 4;
        levels[to + sub * 32 + index] = level;
      }
    }
  };
}

const sixBits: ReadBlock = (bytes, at, { levels, scales }, to, group) => {
  const scale = half(bytes, at + 208);
  for (let sub = 0; sub < 16; sub += 1) scales[group + sub] = scale * signed(bytes[at + 192 + sub] as number);
  for (let part = 0; part < 2; part += 1) {
    const low = at + part * 64;
    const high = at + 128 + part * 32;
    for (let quarter = 0; quarter < 4; quarter += 1) {
      const lows = low + (quarter & 1) * 32;
      const shift = (quarter >> 1) * 4;
      for (let index = 0; index < 32; index += 1) {
        const four = ((bytes[lows + index] as number) >> shift) & 15;
        const two = ((bytes[high + index] as number) >> (quarter * 2)) & 3;
        levels[to + part * 128 + quarter * 32 + index] = (four | (two << 4)) - 32;
      }
    }
  }
};

const READERS: Readonly<Record<BlockFormat, ReadBlock>> = {
  Q4_0: nibbles(-8, false),
  Q4_1: nibbles(0, true),
  Q5_0: fiveBits(-16, false),
  Q5_1: fiveBits(0, true),
  Q8_0: eightBits,
  Q4_K: kBlock(false),
  Q5_K: kBlock(true),
  Q6_K: sixBits,
};

/** Whole blocks → levels, scales and minima. Throws RangeError where `bytes` ends inside a block. */
export function readLevels(bytes: Uint8Array, format: BlockFormat): Levels {
  const block = BLOCK_FORMATS[format];
  if (bytes.byteLength % block.bytes !== 0)
    throw new RangeError(`${bytes.byteLength} bytes are not whole ${format} blocks of ${block.bytes}`);
  const blocks = bytes.byteLength / block.bytes;
  const { values, hasMinima } = GROUPS[format];
  const groups = block.values / values;
  const out = {
    levels: new Int8Array(blocks * block.values),
    scales: new Float32Array(blocks * groups),
    minima: new Float32Array(hasMinima ? blocks * groups : 0),
  };
  const read = READERS[format];
  for (let index = 0; index < blocks; index += 1)
    read(bytes, index * block.bytes, out, index * block.values, index * groups);
  return { ...out, minima: hasMinima ? out.minima : null };
}

/** Whole blocks → their values. Throws RangeError where `bytes` ends inside a block. */
export function decodeBlocks(bytes: Uint8Array, format: BlockFormat): Float32Array<ArrayBuffer> {
  const { levels, scales, minima } = readLevels(bytes, format);
  const size = GROUPS[format].values;
  const values = new Float32Array(levels.length);
  for (const [group, scale] of scales.entries()) {
    const minimum = minima === null ? 0 : (minima[group] as number);
    for (let index = group * size; index < (group + 1) * size; index += 1)
      values[index] = Math.fround((levels[index] as number) * scale) - minimum;
  }
  return values;
}
