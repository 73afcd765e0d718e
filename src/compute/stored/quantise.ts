/** float32 → blocks of llama.cpp's files, as the reference of ggml-quants.c makes them, to the bit; reading them is `blocks.ts`. */
import { encodeFloats, numberToHalf } from './encodeFloats.ts';
import { BLOCK_FORMATS } from './formats.ts';

export const GGUF_TYPES = ['F16', 'Q8_0', 'Q4_0'] as const;
export type GgufType = (typeof GGUF_TYPES)[number];

type EncodeBlock = (values: Float32Array, at: number, out: DataView, to: number) => void;

const BLOCK_VALUES = 32;
const { fround, trunc, abs, sign, floor } = Math;

/** To the nearest whole number, halves away from 0. */
const roundAway = (value: number): number => sign(value) * floor(abs(value) + 0.5);

/** Scale: the largest size by 127; then 32 signed bytes. */
const eightBits: EncodeBlock = (values, at, out, to) => {
  let largest = 0;
  for (let index = 0; index < BLOCK_VALUES; index++)
    largest = Math.max(largest, abs(values[at + index] as number));
  const scale = fround(largest / 127);
  const inverse = scale === 0 ? 0 : fround(1 / scale);
  out.setUint16(to, numberToHalf(scale), true);
  for (let index = 0; index < BLOCK_VALUES; index++)
    out.setInt8(to + 2 + index, roundAway(fround((values[at + index] as number) * inverse)));
};

/** Scale: the value of the largest size by −8; then 4 bits each, value i and value i + 16 in one byte. */
const fourBits: EncodeBlock = (values, at, out, to) => {
  let extreme = 0;
  for (let index = 0; index < BLOCK_VALUES; index++) {
    const value = values[at + index] as number;
    if (abs(value) > abs(extreme)) extreme = value;
  }
  const scale = fround(extreme / -8);
  const inverse = scale === 0 ? 0 : fround(1 / scale);
  const level = (index: number): number =>
    Math.min(15, trunc(fround(fround((values[at + index] as number) * inverse) + 8.5)));
  out.setUint16(to, numberToHalf(scale), true);
  for (let index = 0; index < BLOCK_VALUES / 2; index++)
    out.setUint8(to + 2 + index, level(index) | (level(index + BLOCK_VALUES / 2) << 4));
};

const ENCODERS = { Q8_0: eightBits, Q4_0: fourBits } as const;

/** Formats of blocks that are made here. */
export type MadeFormat = keyof typeof ENCODERS;

/** Whether rows of this many values are whole blocks of the type. */
export const holdsRows = (type: GgufType, rowValues: number): boolean =>
  type === 'F16' || rowValues % BLOCK_FORMATS[type].values === 0;

/** Values in whole blocks → their bytes. */
export function quantise(values: Float32Array, type: GgufType): Uint8Array<ArrayBuffer> {
  if (type === 'F16') return encodeFloats(values, type);
  const { bytes } = BLOCK_FORMATS[type];
  const blocks = values.length / BLOCK_VALUES;
  const encoded = new Uint8Array(blocks * bytes);
  const view = new DataView(encoded.buffer);
  for (let block = 0; block < blocks; block++)
    ENCODERS[type](values, block * BLOCK_VALUES, view, block * bytes);
  return encoded;
}
