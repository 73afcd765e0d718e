import { stat } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { FacetError, toFailure } from '#core/result.ts';
import type { ByteSource } from './bytes.ts';
import { LIMITS } from './limits.ts';
import { unreadable } from './unreadable.ts';

const isData = ({ fileName }: Entry): boolean =>
  !fileName.endsWith('/') && !/(^|\/)(__MACOSX\/|\.)/.test(fileName);

async function openZip(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { autoClose: false });
  } catch (error) {
    throw unreadable(
      path,
      `is a zip archive that cannot be read: ${toFailure(error).message}.`,
      'The file is damaged or cut off; fetch it again.',
      error,
    );
  }
}

/** Names of the files in an archive, but for those that systems add; at least one. */
export async function zipEntries(path: string): Promise<string[]> {
  const names = [...(await directoryOf(path)).entries.keys()];
  if (names.includes('[Content_Types].xml'))
    throw unreadable(
      path,
      'is a file of Excel or another office program.',
      'Save the sheet as CSV, and import that.',
    );
  if (names.length > 0) return names;
  throw unreadable(path, 'is a zip archive without files.', 'Choose files of rows.');
}

interface Directory {
  readonly key: string;
  /** Of each name the first. */
  readonly entries: ReadonlyMap<string, Entry>;
}

/** The last that was read: each file of an archive is opened by itself, and to look through all names for each is quadratic. */
let latest: Promise<Directory> | null = null;

/** Throws where the archive can't be read, or holds more files than a folder may. */
async function directoryOf(path: string): Promise<Directory> {
  const { size, mtimeMs } = await stat(path);
  const key = `${path} ${size} ${mtimeMs}`;
  const known = await latest?.catch(() => null);
  if (known?.key === key) return known;
  latest = readDirectory(path, key);
  return latest;
}

async function readDirectory(path: string, key: string): Promise<Directory> {
  const zip = await openZip(path);
  try {
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) {
      if (!isData(entry) || entries.has(entry.fileName)) continue;
      if (entries.size >= LIMITS.files)
        throw unreadable(
          path,
          `holds more than ${LIMITS.files.toLocaleString('en')} files.`,
          'Unpack it, and choose a smaller folder of its files.',
        );
      entries.set(entry.fileName, entry);
    }
    return { key, entries };
  } catch (error) {
    if (error instanceof FacetError) throw error;
    throw unreadable(
      path,
      `is a zip archive that cannot be read: ${toFailure(error).message}.`,
      'The file is damaged or cut off; fetch it again.',
      error,
    );
  } finally {
    zip.close();
  }
}

async function entryOf(path: string, name: string): Promise<Entry> {
  const entry = (await directoryOf(path)).entries.get(name);
  if (entry !== undefined) return entry;
  throw unreadable(path, `holds no file ${name}.`, 'Choose the archive again.');
}

function checkEntry(path: string, entry: Entry): void {
  if (entry.isEncrypted())
    throw unreadable(path, `holds ${entry.fileName}, which is protected by a password.`, 'Unpack it first.');
  const { uncompressedSize, compressedSize } = entry;
  if (
    uncompressedSize > LIMITS.freeUnpackedBytes &&
    uncompressedSize > LIMITS.unpackedRatio * compressedSize
  ) {
    throw unreadable(
      path,
      `holds ${entry.fileName}, which unpacks to more than ${LIMITS.unpackedRatio} times its size, which no real data does.`,
      'Unpack it yourself and check what it holds.',
    );
  }
}

/** One file of an archive. yauzl holds it to the size that the archive names. */
export function openZipEntry(path: string, name: string): ByteSource {
  let read = 0;
  let total = 0;
  const file = `${path}/${name}`;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const zip = await openZip(path);
    try {
      const entry = await entryOf(path, name);
      checkEntry(path, entry);
      total = entry.uncompressedSize;
      const stream = await zip.openReadStreamPromise(entry);
      try {
        let checksum = 0;
        for await (const chunk of stream) {
          checksum = crc32(chunk as Uint8Array, checksum);
          read += (chunk as Uint8Array).byteLength;
          yield chunk as Uint8Array;
        }
        if (checksum !== entry.crc32) throw new Error('its checksum does not hold');
      } finally {
        stream.destroy();
      }
    } catch (error) {
      if (error instanceof FacetError) throw error;
      throw unreadable(
        file,
        `cannot be read to its end: ${toFailure(error).message}.`,
        'The archive is damaged or cut off; fetch it again.',
        error,
      );
    } finally {
      zip.close();
    }
  }
  return {
    file,
    get bytesTotal() {
      return total;
    },
    bytesRead: () => read,
    chunks,
  };
}
