/**
 * Hidden states on disk: `<key>.f32` holds little-endian float32, pair after pair, and `<key>.json`, written last, says
 * which pairs, how many bytes and their hash. A file without its description, of another size or with another hash is
 * not read.
 */

import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rm, stat, statfs, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { readInto } from '#disk/bytes.ts';
import { isMissing } from '#disk/failures.ts';
import { FileWriter, writeFileAtomic } from '#disk/writeFile.ts';

const FORMAT = 1;
const FLOAT_BYTES = 4;
const READ_BYTES = 4 * 1024 ** 2;
/** Up to this size states are held in memory; beyond it they are read from the file, pair by pair. */
export const MOST_BYTES_IN_MEMORY = 1024 ** 3;
/** More than this is not kept: states are then computed anew in every step. */
export const MOST_BYTES_OF_RUN = 4 * 1024 ** 3;
/** All files of the folder together; the longest unused go first. */
const MOST_BYTES_OF_FOLDER = 8 * 1024 ** 3;
/** Left free on the disk. */
const SPARE_BYTES = 1024 ** 3;

interface Description {
  readonly format: typeof FORMAT;
  readonly bytes: number;
  readonly sha256: string;
  /** Numbers of each pair by its key, in the order of the file. */
  readonly sizes: readonly (readonly [string, number])[];
  readonly msPerRow: number;
}

export interface StoredHiddenStates {
  readonly msPerRow: number;
  of(key: string): Promise<Float32Array>;
  close(): Promise<void>;
}

const dataPath = (folder: string, key: string): string => join(folder, `${key}.f32`);
const descriptionPath = (folder: string, key: string): string => join(folder, `${key}.json`);

async function readDescription(folder: string, key: string): Promise<Description | 'absent' | 'damaged'> {
  let text: string;
  try {
    text = await readFile(descriptionPath(folder, key), 'utf8');
  } catch (error) {
    if (isMissing(error)) return 'absent';
    throw error;
  }
  try {
    const found = JSON.parse(text) as Description;
    return found.format === FORMAT && Array.isArray(found.sizes) ? found : 'damaged';
  } catch {
    return 'damaged';
  }
}

/** Reads through the file once: into memory where it fits, and for its hash. */
async function readAndHash(file: FileHandle, bytes: number, into: Uint8Array | null): Promise<string> {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(into ? 0 : READ_BYTES);
  for (let at = 0; at < bytes; ) {
    const length = Math.min(READ_BYTES, bytes - at);
    const target = into ? into.subarray(at, at + length) : buffer.subarray(0, length);
    const there = await readInto(file, target, at);
    hash.update(target.subarray(0, there));
    if (there < length) break;
    at += there;
  }
  return hash.digest('hex');
}

/** States kept under a key, checked; `'absent'` or `'damaged'` where there are none to be used. */
export async function openHiddenStates(
  folder: string,
  key: string,
  mostBytesInMemory = MOST_BYTES_IN_MEMORY,
): Promise<StoredHiddenStates | 'absent' | 'damaged'> {
  const description = await readDescription(folder, key);
  if (description === 'absent' || description === 'damaged') return description;
  const { bytes, sha256, sizes, msPerRow } = description;
  const found = await stat(dataPath(folder, key)).catch(() => null);
  if (found?.size !== bytes) return 'damaged';
  const file = await open(dataPath(folder, key), 'r');
  const memory = bytes <= mostBytesInMemory ? new Float32Array(bytes / FLOAT_BYTES) : null;
  if ((await readAndHash(file, bytes, memory && new Uint8Array(memory.buffer))) !== sha256) {
    await file.close();
    return 'damaged';
  }
  const now = new Date();
  await utimes(dataPath(folder, key), now, now);
  const places = new Map<string, readonly [number, number]>();
  let start = 0;
  for (const [pair, size] of sizes) {
    places.set(pair, [start, size]);
    start += size;
  }
  return {
    msPerRow,
    async of(pair) {
      const place = places.get(pair);
      if (!place) throw new RangeError(`no cached states of pair ${pair}`);
      const [from, size] = place;
      if (memory) return memory.subarray(from, from + size);
      const states = new Float32Array(size);
      const there = await readInto(file, new Uint8Array(states.buffer), from * FLOAT_BYTES);
      if (there < size * FLOAT_BYTES) throw new RangeError(`the cached states of pair ${pair} end too early`);
      return states;
    },
    close: () => file.close(),
  };
}

async function makeRoom(folder: string, key: string, bytes: number, mostBytes: number): Promise<void> {
  const suffix = '.f32';
  const names = (await readdir(folder)).filter((name) => name.endsWith(suffix) && name !== `${key}${suffix}`);
  const known = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(folder, name));
      return { key: name.slice(0, -suffix.length), size, mtimeMs };
    }),
  );
  let total = known.reduce((sum, { size }) => sum + size, bytes);
  for (const { key: old, size } of known.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (total <= mostBytes) return;
    await rm(descriptionPath(folder, old), { force: true });
    await rm(dataPath(folder, old), { force: true });
    total -= size;
  }
}

export interface HiddenStateWriter {
  add(key: string, states: Float32Array): Promise<void>;
  /** Syncs and seals; in the place of what was there under the key. */
  finish(msPerRow: number): Promise<void>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
}

/** A writer of `bytes`, or null where the disk has no room for them. */
export async function writeHiddenStates(
  folder: string,
  key: string,
  bytes: number,
  mostBytesOfFolder = MOST_BYTES_OF_FOLDER,
): Promise<HiddenStateWriter | null> {
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < bytes + SPARE_BYTES) return null;
  await makeRoom(folder, key, bytes, mostBytesOfFolder);
  const file = await FileWriter.open(dataPath(folder, key));
  const hash = createHash('sha256');
  const sizes: [string, number][] = [];
  return {
    async add(pair, states) {
      const view = new Uint8Array(states.buffer, states.byteOffset, states.byteLength);
      hash.update(view);
      sizes.push([pair, states.length]);
      await file.write(view);
    },
    async finish(msPerRow) {
      await file.finish();
      const written = sizes.reduce((sum, [, size]) => sum + size, 0) * FLOAT_BYTES;
      const description: Description = {
        format: FORMAT,
        bytes: written,
        sha256: hash.digest('hex'),
        sizes,
        msPerRow,
      };
      await writeFileAtomic(descriptionPath(folder, key), [JSON.stringify(description)]);
    },
    abandon: () => file.abandon(),
  };
}
