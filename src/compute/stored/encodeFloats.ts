/** float32 → the 16-bit formats of model files, little-endian as the formats state; reading them is `floats.ts`. */
import { FLOAT_BYTES, type FloatFormat } from './formats.ts';

export type FloatDtype = FloatFormat;

export const isFloatDtype = (dtype: string): dtype is FloatDtype => Object.hasOwn(FLOAT_BYTES, dtype);

const scratchFloat = new Float32Array(1);
const scratchBits = new Uint32Array(scratchFloat.buffer);

/** Rounds to the nearest integer, halves to even. */
function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Number → IEEE 754 binary16 bits, to nearest, halves to even; beyond ±65504 infinity. */
export function numberToHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | roundToEven(size * 2 ** 24);
  let exponent = Math.floor(Math.log2(size));
  if (2 ** exponent > size) exponent -= 1;
  // A fraction that rounds up to 1024 carries into the exponent by plain addition.
  return sign | (((exponent + 15) << 10) + roundToEven((size / 2 ** exponent - 1) * 1024));
}

/** Number → bfloat16 bits, to nearest, halves to even. */
function numberToBrain(value: number): number {
  scratchFloat[0] = value;
  const bits = scratchBits[0] as number;
  if (Number.isNaN(value)) return ((bits >>> 16) | 0x40) & 0xffff;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/** float32 values → little-endian bytes of a format. */
export function encodeFloats(values: Float32Array, dtype: FloatDtype): Uint8Array<ArrayBuffer> {
  if (dtype === 'F32') return new Uint8Array(values.slice().buffer);
  const words = new Uint16Array(values.length);
  const encode = dtype === 'F16' ? numberToHalf : numberToBrain;
  for (let index = 0; index < values.length; index++) words[index] = encode(values[index] as number);
  return new Uint8Array(words.buffer);
}
