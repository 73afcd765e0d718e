/** Reads constants into memory as float32 or int32, whatever the file holds. */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { FacetError } from '#core/result.ts';
import { readInto } from '#disk/bytes.ts';
import type { Constant, ConstantSource, TensorData } from '../program.ts';
import { sizeOf } from '../record/graph.ts';

const BYTES_PER_VALUE = { F32: 4, F16: 2, BF16: 2 } as const;

/** Values of a constant. Throws `compute.bad-constant` where bytes and shape disagree, `compute.unreadable-weights` on a short file. */
export async function readConstant(name: string, constant: Constant): Promise<TensorData> {
  const size = sizeOf(constant.spec.shape);
  if (constant.source.kind === 'data') {
    if (constant.source.data.length !== size) throw mismatch(name, constant, constant.source.data.length);
    return constant.source.data;
  }
  const { path, offset, bytes, dtype } = constant.source;
  if (bytes !== size * BYTES_PER_VALUE[dtype]) throw mismatch(name, constant, bytes / BYTES_PER_VALUE[dtype]);
  return decoded(await readSlice(name, path, offset, bytes), dtype);
}

/** Checks a constant in a file without reading it. Throws what `readConstant` throws. */
export async function checkFileConstant(name: string, constant: Constant): Promise<void> {
  const { source } = constant;
  if (source.kind !== 'file') return;
  const size = sizeOf(constant.spec.shape);
  const width = BYTES_PER_VALUE[source.dtype];
  if (source.bytes !== size * width) throw mismatch(name, constant, source.bytes / width);
  const fileBytes = await stat(source.path).then(
    (stats) => stats.size,
    (error: unknown) => {
      throw unreadable(name, source.path, error);
    },
  );
  if (source.offset + source.bytes > fileBytes) {
    const there = Math.max(0, fileBytes - source.offset);
    throw unreadable(name, source.path, `the file ends after ${there} of ${source.bytes} bytes`);
  }
}

function mismatch(name: string, constant: Constant, got: number): FacetError {
  return new FacetError({
    code: 'compute.bad-constant',
    message: `The constant ${name} has the shape [${constant.spec.shape.join(', ')}] but ${got} values.`,
    fix: 'Give as many values as the shape holds.',
    where: { field: name },
  });
}

function unreadable(name: string, path: string, cause: unknown): FacetError {
  return new FacetError(
    {
      code: 'compute.unreadable-weights',
      message: `The weight ${name} can't be read from ${path}: ${cause instanceof Error ? cause.message : String(cause)}.`,
      fix: 'Check that the model file is complete and readable.',
      where: { file: path, field: name },
    },
    { cause },
  );
}

async function readSlice(name: string, path: string, offset: number, bytes: number): Promise<ArrayBuffer> {
  let file: FileHandle | null = null;
  try {
    file = await open(path, 'r');
    const target = new Uint8Array(bytes);
    const done = await readInto(file, target, offset);
    if (done < bytes) throw new Error(`the file ends after ${done} of ${bytes} bytes`);
    return target.buffer;
  } catch (error) {
    throw unreadable(name, path, error);
  } finally {
    await file?.close();
  }
}

type FileType = Extract<ConstantSource, { kind: 'file' }>['dtype'];

/** 16-bit floats widened to 32: exact, every F16 and BF16 number is a float32. */
export function decoded(buffer: ArrayBuffer, dtype: FileType): Float32Array<ArrayBuffer> {
  if (dtype === 'F32') return new Float32Array(buffer);
  const halves = new Uint16Array(buffer);
  const bits = new Uint32Array(halves.length);
  const values = new Float32Array(bits.buffer);
  if (dtype === 'BF16') {
    for (let index = 0; index < halves.length; index += 1) bits[index] = halves[index]! << 16;
    return values;
  }
  for (let index = 0; index < halves.length; index += 1) {
    const half = halves[index]!;
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) {
      values[index] = (sign === 0 ? 1 : -1) * fraction * 2 ** -24;
    } else {
      const widened = exponent === 0x1f ? 0xff : exponent + 112;
      bits[index] = sign | (widened << 23) | (fraction << 13);
    }
  }
  return values;
}
