/** Floats of model files → float32. All little-endian, as the formats state; every F16 and BF16 number is a float32. */
import { FLOAT_BYTES, type FloatFormat } from './formats.ts';

/** IEEE 754 binary16 bits → number. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

let halfTable: Float32Array | null = null;
function halves(): Float32Array {
  halfTable ??= Float32Array.from({ length: 65536 }, (_, bits) => halfToNumber(bits));
  return halfTable;
}

export function decodeFloats(bytes: Uint8Array<ArrayBuffer>, format: FloatFormat): Float32Array<ArrayBuffer> {
  const count = bytes.byteLength / FLOAT_BYTES[format];
  if (format === 'F32') {
    if (bytes.byteOffset % 4 === 0) return new Float32Array(bytes.buffer, bytes.byteOffset, count);
    return new Float32Array(bytes.slice().buffer);
  }
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  const words = new Uint16Array(aligned.buffer, aligned.byteOffset, count);
  const values = new Float32Array(count);
  if (format === 'BF16') {
    const bits = new Uint32Array(values.buffer);
    for (let index = 0; index < count; index++) bits[index] = (words[index] as number) << 16;
  } else {
    const table = halves();
    for (let index = 0; index < count; index++) values[index] = table[words[index] as number] as number;
  }
  return values;
}
