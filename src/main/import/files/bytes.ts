/** The bytes of a file, unpacked as often as it is packed, with a limit to what they grow to. */

import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { FacetError, toFailure } from '#core/result.ts';
import { openFile } from '#disk/openFile.ts';
import { LIMITS } from './limits.ts';
import { type Sniffed, sniff } from './sniff.ts';
import { unreadable } from './unreadable.ts';
import { openZipEntry, zipEntries } from './zip.ts';

const HEAD_BYTES = 64 * 1024;
const PACKINGS_AT_MOST = 3;
const damaged = 'The file is damaged or cut off; fetch it again.';

export interface ByteSource {
  readonly file: string;
  readonly bytesTotal: number;
  /** Bytes of the file on disk (packed, where it is) read so far. */
  bytesRead(): number;
  /** Once only. */
  chunks(): AsyncGenerator<Uint8Array>;
}

/** A file, or one file of a zip archive. */
export interface InputFile {
  readonly path: string;
  readonly entry?: string | undefined;
}
export const inputName = ({ path, entry }: InputFile): string =>
  entry === undefined ? path : `${path}/${entry}`;

async function sizeOf(path: string): Promise<number> {
  try {
    const stats = await stat(path);
    if (stats.isFile()) return stats.size;
  } catch (error) {
    throw unreadable(
      path,
      `cannot be read: ${toFailure(error).message}.`,
      'Check the path and that you have permission to read it.',
      error,
    );
  }
  throw unreadable(path, 'is not a file.', 'Choose a file of rows.');
}

/** The first bytes of a file as it lies on the disk. */
export async function headOf(path: string): Promise<Uint8Array> {
  await sizeOf(path);
  try {
    const handle = await openFile(path);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(
      path,
      `cannot be read: ${toFailure(error).message}.`,
      'Check the path and that you have permission to read it.',
      error,
    );
  }
}

export async function openBytes(input: InputFile): Promise<ByteSource> {
  const { path, entry } = input;
  const bytesTotal = await sizeOf(path);
  if (entry !== undefined) return openZipEntry(path, entry);
  const stream = (await openFile(path)).createReadStream({ highWaterMark: 256 * 1024 });
  return {
    file: path,
    bytesTotal,
    bytesRead: () => stream.bytesRead,
    chunks: () => readable(path, stream),
  };
}

async function* readable(file: string, stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    if (error instanceof FacetError) throw error;
    throw unreadable(file, `cannot be read to its end: ${toFailure(error).message}.`, damaged, error);
  } finally {
    stream.destroy();
  }
}

/** The bytes through a decompressor, no more than a fair multiple of what went in. */
async function* unpacked(
  file: string,
  packed: AsyncGenerator<Uint8Array>,
  unpack: Readable & NodeJS.WritableStream,
) {
  let [read, written] = [0, 0];
  const feed = (async () => {
    try {
      for await (const chunk of packed) {
        read += chunk.byteLength;
        if (unpack.destroyed) return;
        if (!unpack.write(chunk)) {
          await new Promise<void>((resolve) => {
            unpack.once('drain', resolve);
            unpack.once('close', resolve);
          });
        }
      }
      unpack.end();
    } catch (error) {
      unpack.destroy(error as Error);
    }
  })();
  try {
    for await (const chunk of readable(file, unpack)) {
      written += chunk.byteLength;
      if (written > LIMITS.freeUnpackedBytes && written > LIMITS.unpackedRatio * read) {
        throw unreadable(
          file,
          `unpacks to more than ${LIMITS.unpackedRatio} times its size, which no real data does.`,
          'Unpack it yourself and check what it holds.',
        );
      }
      yield chunk;
    }
  } finally {
    unpack.destroy();
    await packed.return(undefined);
    await feed;
  }
}

/** Takes the first bytes off, and gives all of them again. */
async function peek(
  chunks: AsyncGenerator<Uint8Array>,
): Promise<{ head: Uint8Array; all: AsyncGenerator<Uint8Array> }> {
  const first: Uint8Array[] = [];
  let size = 0;
  while (size < HEAD_BYTES) {
    const next = await chunks.next();
    if (next.done) break;
    first.push(next.value);
    size += next.value.byteLength;
  }
  async function* all() {
    try {
      yield* first;
      yield* chunks;
    } finally {
      await chunks.return(undefined);
    }
  }
  const head = Buffer.concat(first).subarray(0, HEAD_BYTES);
  return { head, all: all() };
}

export interface Unpacked {
  readonly head: Uint8Array;
  readonly sniffed: Exclude<Sniffed, { kind: 'packed' }>;
  /** How often it was packed. */
  readonly layers: number;
  readonly chunks: AsyncGenerator<Uint8Array>;
}

/** Unpacks gzip and Zstandard down to the content, and says what that is. */
export async function unpack(source: ByteSource): Promise<Unpacked> {
  let chunks = source.chunks();
  for (let layers = 0; ; layers++) {
    const { head, all } = await peek(chunks);
    const sniffed = sniff(head);
    if (sniffed.kind !== 'packed') return { head, sniffed, layers, chunks: all };
    if (sniffed.packing === 'zip' || layers === PACKINGS_AT_MOST) {
      await all.return(undefined);
      // An archive that could not be taken for the files in it.
      if (layers === 0 && existsSync(source.file)) await zipEntries(source.file);
      throw unreadable(source.file, 'is compressed in more layers than Facet reads.', 'Unpack it first.');
    }
    const stream =
      sniffed.packing === 'gzip' ? createGunzip({ chunkSize: 256 * 1024 }) : createZstdDecompress();
    chunks = unpacked(source.file, all, stream);
  }
}

/** All bytes at once, for formats that are read from their end. */
export async function wholeFile(file: string, chunks: AsyncGenerator<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > LIMITS.wholeFileBytes)
      throw unreadable(
        file,
        'is larger than 1 GiB, and would have to be held in memory whole.',
        'Split it into several files.',
      );
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}
