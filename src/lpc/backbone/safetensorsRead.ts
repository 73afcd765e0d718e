/** Reading `.safetensors` files: headers first, values only when asked for. */
import type { FileHandle } from 'node:fs/promises';
import type { Constant } from '#compute/program.ts';
import { decodeStored } from '#compute/stored/decode.ts';
import { readInto } from '#disk/bytes.ts';
import { openFile } from '#disk/openFile.ts';
import {
  badTensorFile,
  HEADER_LENGTH_BYTES,
  headerLength,
  parseHeader,
  type TensorEntry,
} from './safetensorsHeader.ts';

export interface TensorFile {
  readonly path: string;
  readonly bytes: number;
  readonly entries: ReadonlyMap<string, TensorEntry>;
}

/** Exactly `length` bytes from `position`; throws `model.bad-safetensors` where the file ends before. */
async function readExactly(
  handle: FileHandle,
  position: number,
  length: number,
  file: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  const there = await readInto(handle, bytes, position);
  if (there === length) return bytes;
  throw badTensorFile(file, `it ends at byte ${position + there}, ${length - there} too early`);
}

/** Reads exactly `length` bytes from `position`, or throws. */
export type ReadBytes = (position: number, length: number) => Promise<Uint8Array<ArrayBuffer>>;

/** The header of a file of `size` bytes, which `read` reads. Throws `model.bad-safetensors`. */
export async function readTensorFile(path: string, size: number, read: ReadBytes): Promise<TensorFile> {
  const first = await read(0, Math.min(size, HEADER_LENGTH_BYTES));
  const length = headerLength(first, size, path);
  const header = await read(HEADER_LENGTH_BYTES, length);
  let json: string;
  try {
    json = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
  } catch {
    throw badTensorFile(path, 'its header is not UTF-8');
  }
  return { path, bytes: size, entries: parseHeader(json, size, path) };
}

/** The header of one file. Throws `model.bad-safetensors`. No tensor's bytes are read. */
export async function openTensorFile(path: string): Promise<TensorFile> {
  const handle = await openFile(path);
  try {
    const { size } = await handle.stat();
    return await readTensorFile(path, size, (position, length) =>
      readExactly(handle, position, length, path),
    );
  } finally {
    await handle.close();
  }
}

/** Values of a constant as float32, read from its file where it lies in one. */
export async function readConstant(constant: Constant): Promise<Float32Array<ArrayBuffer>> {
  const { source } = constant;
  if (source.kind === 'data') {
    return source.data instanceof Float32Array ? source.data : Float32Array.from(source.data);
  }
  const handle = await openFile(source.path);
  try {
    const bytes = await readExactly(handle, source.offset, source.bytes, source.path);
    return decodeStored(bytes, source, constant.spec.shape[0] ?? 1);
  } finally {
    await handle.close();
  }
}
