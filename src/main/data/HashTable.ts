import type { Hash } from './hashes.ts';

const WORDS = 4;
const FIRST_SLOTS = 1 << 12;
/** Entries of one piece: what is stored grows by pieces, and is never copied. */
const PIECE = 1 << 16;

/**
 * A map from content hashes to numbers up to 2^53 that remembers in which order they came, in 24 bytes an entry and 4 to
 * 9 for finding it: an import of a million rows asks it several times a row. Bytes are those of a little-endian machine.
 */
export class HashTable {
  /** Places of entries from 1; 0 is free. */
  #slots = new Uint32Array(FIRST_SLOTS);
  readonly #keys: Uint32Array[] = [];
  readonly #values: Float64Array[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(hash: Hash): number | undefined {
    const place = this.#find(wordAt(hash, 0), wordAt(hash, 4), wordAt(hash, 8), wordAt(hash, 12));
    return place < 0 ? undefined : this.valueAt(place);
  }

  /** A hash that is not there yet, with a whole number from 0. */
  add(hash: Hash, value: number): void {
    this.addWords(wordAt(hash, 0), wordAt(hash, 4), wordAt(hash, 8), wordAt(hash, 12), value);
  }

  addWords(first: number, second: number, third: number, fourth: number, value: number): void {
    if (10 * (this.#size + 1) > 7 * this.#slots.length) this.#grow();
    const place = this.#size;
    if (place % PIECE === 0) {
      this.#keys.push(new Uint32Array(WORDS * PIECE));
      this.#values.push(new Float64Array(PIECE));
    }
    const keys = this.#keys[place >>> 16] as Uint32Array;
    const at = WORDS * (place % PIECE);
    keys[at] = first;
    keys[at + 1] = second;
    keys[at + 2] = third;
    keys[at + 3] = fourth;
    (this.#values[place >>> 16] as Float64Array)[place % PIECE] = value;
    this.#size += 1;
    this.#take(first, place);
  }

  valueAt(place: number): number {
    return (this.#values[place >>> 16] as Float64Array)[place % PIECE] as number;
  }
  /** One of the four words of a hash. */
  wordAt(place: number, word: number): number {
    return (this.#keys[place >>> 16] as Uint32Array)[WORDS * (place % PIECE) + word] as number;
  }
  /** The bytes of a hash. */
  hashAt(place: number): Uint8Array {
    const { buffer } = this.#keys[place >>> 16] as Uint32Array;
    return new Uint8Array(buffer, 4 * WORDS * (place % PIECE), 4 * WORDS);
  }

  /** The place of an entry, or -1. */
  #find(first: number, second: number, third: number, fourth: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = first & mask; ; slot = (slot + 1) & mask) {
      const place = (this.#slots[slot] as number) - 1;
      if (place < 0) return -1;
      const keys = this.#keys[place >>> 16] as Uint32Array;
      const at = WORDS * (place % PIECE);
      if (keys[at] === first && keys[at + 1] === second && keys[at + 2] === third && keys[at + 3] === fourth)
        return place;
    }
  }

  #take(first: number, place: number): void {
    const mask = this.#slots.length - 1;
    let slot = first & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = place + 1;
  }

  #grow(): void {
    this.#slots = new Uint32Array(2 * this.#slots.length);
    for (let place = 0; place < this.#size; place++) {
      const keys = this.#keys[place >>> 16] as Uint32Array;
      this.#take(keys[WORDS * (place % PIECE)] as number, place);
    }
  }
}

function wordAt(hash: Hash, at: number): number {
  return (
    (hash.charCodeAt(at) |
      (hash.charCodeAt(at + 1) << 8) |
      (hash.charCodeAt(at + 2) << 16) |
      (hash.charCodeAt(at + 3) << 24)) >>>
    0
  );
}
