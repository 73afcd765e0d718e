/** Hashes and the numbers they stand for, packed: those of a chunk in their order, 16 bytes each, then the numbers, 8 bytes each. */
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

/** Entries from place `from` on, in the order of their hashes. */
export function inOrder(table: HashTable, from: number): Uint32Array {
  const count = table.size - from;
  // By the first two bytes at once, the few that share them one by one.
  const starts = new Uint32Array(65_537);
  const prefix = (place: number): number => {
    const hash = table.hashAt(place);
    return ((hash[0] as number) << 8) | (hash[1] as number);
  };
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
    const [start, end] = [starts[at] as number, starts[at + 1] as number];
    if (end - start > 1)
      order.subarray(start, end).sort((one, other) => Buffer.compare(table.hashAt(one), table.hashAt(other)));
  }
  return order;
}

export function* chunksOf(table: HashTable, order: Uint32Array): Generator<HashChunk> {
  for (let from = 0; from < order.length; from += HASHES_IN_CHUNK) {
    const places = order.subarray(from, from + HASHES_IN_CHUNK);
    const data = Buffer.alloc((HASH_BYTES + NUMBER_BYTES) * places.length);
    let lastId = 0;
    for (const [at, place] of places.entries()) {
      const id = table.valueAt(place);
      data.set(table.hashAt(place), HASH_BYTES * at);
      data.writeDoubleLE(id, HASH_BYTES * places.length + NUMBER_BYTES * at);
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
