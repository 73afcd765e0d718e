/**
 * Hashes and the numbers they stand for, packed: those of a chunk in their order, 16 bytes each, then the numbers, 8 bytes
 * each, little-endian as the machine is.
 */
import type { HashTable } from './HashTable.ts';

const HASH_BYTES = 16;
const NUMBER_BYTES = 8;
export const HASHES_IN_CHUNK = 2000;

export interface HashChunk {
  readonly first: Buffer;
  readonly lastId: number;
  readonly data: Buffer;
}

const countIn = (data: Buffer): number => data.length / (HASH_BYTES + NUMBER_BYTES);
const numberAt = (data: Buffer, place: number): number =>
  data.readDoubleLE(HASH_BYTES * countIn(data) + NUMBER_BYTES * place);

/** A word of a hash as its bytes are ordered. */
const ordinal = (word: number): number =>
  ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;

function isAfter(table: HashTable, one: number, other: number): boolean {
  for (let word = 0; word < HASH_BYTES / 4; word++) {
    const [first, second] = [table.wordAt(one, word), table.wordAt(other, word)];
    if (first !== second) return ordinal(first) > ordinal(second);
  }
  return false;
}

/** Of a few entries: each is put before those that come after it. */
function sortFew(table: HashTable, order: Uint32Array, start: number, end: number): void {
  for (let next = start + 1; next < end; next++) {
    const place = order[next] as number;
    let at = next;
    for (; at > start && isAfter(table, order[at - 1] as number, place); at--)
      order[at] = order[at - 1] as number;
    order[at] = place;
  }
}

/** Entries from place `from` on, in the order of their hashes. */
export function inOrder(table: HashTable, from: number): Uint32Array {
  const count = table.size - from;
  // By the first two bytes at once, the few that share them one by one.
  const starts = new Uint32Array(65_537);
  const prefix = (place: number): number => ordinal(table.wordAt(place, 0)) >>> 16;
  for (let place = from; place < table.size; place++) starts[prefix(place) + 1]! += 1;
  for (let at = 1; at < starts.length; at++) starts[at]! += starts[at - 1] as number;
  const next = starts.slice();
  const order = new Uint32Array(count);
  for (let place = from; place < table.size; place++) {
    const at = prefix(place);
    order[next[at] as number] = place;
    next[at]! += 1;
  }
  for (let at = 0; at + 1 < starts.length; at++) {
    sortFew(table, order, starts[at] as number, starts[at + 1] as number);
  }
  return order;
}

export function* chunksOf(table: HashTable, order: Uint32Array): Generator<HashChunk> {
  for (let from = 0; from < order.length; from += HASHES_IN_CHUNK) {
    const places = order.subarray(from, from + HASHES_IN_CHUNK);
    const memory = new ArrayBuffer((HASH_BYTES + NUMBER_BYTES) * places.length);
    const hashes = new Uint32Array(memory, 0, (HASH_BYTES / 4) * places.length);
    const ids = new Float64Array(memory, HASH_BYTES * places.length);
    const data = Buffer.from(memory);
    let lastId = 0;
    for (let at = 0; at < places.length; at++) {
      const place = places[at] as number;
      for (let word = 0; word < HASH_BYTES / 4; word++)
        hashes[(HASH_BYTES / 4) * at + word] = table.wordAt(place, word);
      const id = table.valueAt(place);
      ids[at] = id;
      lastId = Math.max(lastId, id);
    }
    yield { first: data.subarray(0, HASH_BYTES), lastId, data };
  }
}

export function readChunk(data: Buffer, into: HashTable): void {
  const count = countIn(data);
  for (let place = 0; place < count; place++) {
    const at = HASH_BYTES * place;
    const word = (offset: number): number => data.readUInt32LE(at + offset);
    into.addWords(word(0), word(4), word(8), word(12), numberAt(data, place));
  }
}

/** What a hash stands for, where the chunk has it. */
export function findIn(data: Buffer, hash: Buffer): number | undefined {
  let [low, high] = [0, countIn(data) - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = HASH_BYTES * middle;
    const order = data.compare(hash, 0, HASH_BYTES, at, at + HASH_BYTES);
    if (order === 0) return numberAt(data, middle);
    if (order > 0) high = middle - 1;
    else low = middle + 1;
  }
  return undefined;
}
