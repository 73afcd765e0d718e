/**
 * Blocks of quantised weights → float32, as llama.cpp's ggml-quants.c defines each format. Products are rounded to
 * float32 before a sum, as a float32 implementation does, so that values agree with it to the bit.
 */
import { halfToNumber } from './floats.ts';
import { BLOCK_FORMATS, type BlockFormat } from './formats.ts';

/** Writes the block that begins at byte `at` of `bytes` to `out` from `to` on. */
type DecodeBlock = (bytes: Uint8Array, at: number, out: Float32Array, to: number) => void;

const half = (bytes: Uint8Array, at: number): number =>
  halfToNumber((bytes[at] as number) | ((bytes[at + 1] as number) << 8));

const signed = (byte: number): number => (byte << 24) >> 24;

/** Values of four bits: the low halves of 16 bytes, then the high ones; `offset` is added to each, `minimum` to each product. */
function nibbles(offset: number, minimum: boolean): DecodeBlock {
  return (bytes, at, out, to) => {
    const scale = half(bytes, at);
    const least = minimum ? half(bytes, at + 2) : 0;
    const first = at + (minimum ? 4 : 2);
    for (let index = 0; index < 16; index += 1) {
      const byte = bytes[first + index] as number;
      out[to + index] = Math.fround(((byte & 15) + offset) * scale) + least;
      out[to + index + 16] = Math.fround(((byte >> 4) + offset) * scale) + least;
    }
  };
}

/** The same with a fifth bit of each value in a word of 32 before them. */
function fiveBits(offset: number, minimum: boolean): DecodeBlock {
  return (bytes, at, out, to) => {
    const scale = half(bytes, at);
    const least = minimum ? half(bytes, at + 2) : 0;
    const high = at + (minimum ? 4 : 2);
    const first = high + 4;
    const bit = (index: number): number => (((bytes[high + (index >> 3)] as number) >> (index & 7)) & 1) << 4;
    for (let index = 0; index < 16; index += 1) {
      const byte = bytes[first + index] as number;
      out[to + index] = Math.fround((((byte & 15) | bit(index)) + offset) * scale) + least;
      out[to + index + 16] = Math.fround((((byte >> 4) | bit(index + 16)) + offset) * scale) + least;
    }
  };
}

const eightBits: DecodeBlock = (bytes, at, out, to) => {
  const scale = half(bytes, at);
  for (let index = 0; index < 32; index += 1)
    out[to + index] = signed(bytes[at + 2 + index] as number) * scale;
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
function kBlock(withFifth: boolean): DecodeBlock {
  return (bytes, at, out, to) => {
    const scale = half(bytes, at);
    const least = half(bytes, at + 2);
    const fifths = at + 16;
    const first = fifths + (withFifth ? 32 : 0);
    for (let sub = 0; sub < 8; sub += 1) {
      const [subScale, subLeast] = scaleAndMinimum(bytes, at + 4, sub);
      const step = Math.fround(scale * subScale);
      const minimum = Math.fround(least * subLeast);
      const values = first + (sub >> 1) * 32;
      const shift = (sub & 1) * 4;
      for (let index = 0; index < 32; index += 1) {
        let value = ((bytes[values + index] as number) >> shift) & 15;
        if (withFifth) value |= (((bytes[fifths + index] as number) >> sub) & 1) << 4;
        out[to + sub * 32 + index] = Math.fround(step * value) - minimum;
      }
    }
  };
}

const sixBits: DecodeBlock = (bytes, at, out, to) => {
  const scale = half(bytes, at + 208);
  for (let part = 0; part < 2; part += 1) {
    const low = at + part * 64;
    const high = at + 128 + part * 32;
    const scales = at + 192 + part * 8;
    for (let quarter = 0; quarter < 4; quarter += 1) {
      const lows = low + (quarter & 1) * 32;
      const shift = (quarter >> 1) * 4;
      for (let index = 0; index < 32; index += 1) {
        const four = ((bytes[lows + index] as number) >> shift) & 15;
        const two = ((bytes[high + index] as number) >> (quarter * 2)) & 3;
        const subScale = signed(bytes[scales + quarter * 2 + (index >> 4)] as number);
        out[to + part * 128 + quarter * 32 + index] =
          Math.fround(scale * subScale) * ((four | (two << 4)) - 32);
      }
    }
  }
};

const DECODERS: Readonly<Record<BlockFormat, DecodeBlock>> = {
  Q4_0: nibbles(-8, false),
  Q4_1: nibbles(0, true),
  Q5_0: fiveBits(-16, false),
  Q5_1: fiveBits(0, true),
  Q8_0: eightBits,
  Q4_K: kBlock(false),
  Q5_K: kBlock(true),
  Q6_K: sixBits,
};

/** Whole blocks → their values. Throws RangeError where `bytes` ends inside a block. */
export function decodeBlocks(bytes: Uint8Array, format: BlockFormat): Float32Array<ArrayBuffer> {
  const block = BLOCK_FORMATS[format];
  if (bytes.byteLength % block.bytes !== 0)
    throw new RangeError(`${bytes.byteLength} bytes are not whole ${format} blocks of ${block.bytes}`);
  const blocks = bytes.byteLength / block.bytes;
  const values = new Float32Array(blocks * block.values);
  const decode = DECODERS[format];
  for (let index = 0; index < blocks; index += 1)
    decode(bytes, index * block.bytes, values, index * block.values);
  return values;
}
