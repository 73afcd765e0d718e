/** Reads constants into memory as float32 or int32, whatever the file holds. */
import { type FileHandle, stat } from 'node:fs/promises';
import { FacetError } from '#core/result.ts';
import { readInto } from '#disk/bytes.ts';
import { openFile } from '#disk/openFile.ts';
import type { Constant, ConstantSource, TensorData } from '../program.ts';
import { sizeOf } from '../record/graph.ts';
import { blocksOf, decodeStored, packStored } from '../stored/decode.ts';
import { bytesOf } from '../stored/formats.ts';
import type { PackedWeight } from '../stored/packed.ts';

type FileSource = Extract<ConstantSource, { kind: 'file' }>;

/** Values of a constant. Throws `compute.bad-constant` where bytes and shape disagree, `compute.unreadable-weights` on a short file. */
export async function readConstant(name: string, constant: Constant): Promise<TensorData> {
  const size = sizeOf(constant.spec.shape);
  if (constant.source.kind === 'data') {
    if (constant.source.data.length !== size) throw mismatch(name, constant, constant.source.data.length);
    return constant.source.data;
  }
  const { source } = constant;
  requireWholeTensor(name, constant, source);
  const bytes = await readSlice(name, source.path, source.offset, source.bytes);
  return decodeStored(bytes, source, constant.spec.shape[0] ?? 1);
}

/** A weight of 4 or 8 bits as it is held. Throws what `readConstant` throws. */
export async function readPacked(name: string, constant: Constant): Promise<PackedWeight> {
  const { spec, source } = constant;
  const format = blocksOf(constant);
  if (source.kind !== 'file' || format === null) throw new RangeError(`${name} is held in floats`);
  requireWholeTensor(name, constant, source);
  const bytes = await readSlice(name, source.path, source.offset, source.bytes);
  return packStored(bytes, source, format, spec.shape as readonly [number, number]);
}

/** Checks a constant in a file without reading it. Throws what `readConstant` throws. */
export async function checkFileConstant(name: string, constant: Constant): Promise<void> {
  const { source } = constant;
  if (source.kind !== 'file') return;
  requireWholeTensor(name, constant, source);
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

function requireWholeTensor(name: string, constant: Constant, source: FileSource): void {
  if (source.bytes === bytesOf(source.dtype, sizeOf(constant.spec.shape))) return;
  throw mismatch(name, constant, source.bytes / bytesOf(source.dtype, 1));
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

async function readSlice(
  name: string,
  path: string,
  offset: number,
  bytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  let file: FileHandle | null = null;
  try {
    file = await openFile(path);
    const target = new Uint8Array(bytes);
    const done = await readInto(file, target, offset);
    if (done < bytes) throw new Error(`the file ends after ${done} of ${bytes} bytes`);
    return target;
  } catch (error) {
    throw unreadable(name, path, error);
  } finally {
    await file?.close();
  }
}
