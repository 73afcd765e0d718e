/**
 * Hidden states on disk: `<key>.f32` holds little-endian float32, pair after pair, and `<key>.json`, written last, says
 * which pairs, how many bytes and their hash. A file without its description, of another size or with another hash is
 * not read.
 */
import { open, stat, utimes } from 'node:fs/promises';
import { readInto } from '#disk/bytes.ts';
import { dataPath, readAndHash, readDescription } from './hiddenStateDescription.ts';

const FLOAT_BYTES = 4;
/** Up to this size states are held in memory; beyond it they are read from the file, pair by pair. */
export const MOST_BYTES_IN_MEMORY = 1024 ** 3;
/** More than this is not kept: states are then computed anew in every step. */
export const MOST_BYTES_OF_RUN = 4 * 1024 ** 3;

export interface StoredHiddenStates {
  readonly msPerRow: number;
  has(key: string): boolean;
  keys(): Iterable<string>;
  of(key: string): Promise<Float32Array>;
  close(): Promise<void>;
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
  const hash = await readAndHash(file, bytes, memory && new Uint8Array(memory.buffer));
  if (hash.digest('hex') !== sha256) {
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
    has: (pair) => places.has(pair),
    keys: () => places.keys(),
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
