import type { Hash } from './hashes.ts';

const WORDS = 3;
const FIRST_SLOTS = 1 << 12;

/**
 * A map from content hashes to numbers up to 2^53, in 20 bytes an entry and a half: an import of a million rows asks it
 * several times a row. A hash counts by its first 96 bits; two of 10⁹ contents agree in those by a chance of 10⁻¹¹.
 */
export class HashTable {
  #slots = FIRST_SLOTS;
  #keys = new Uint32Array(WORDS * FIRST_SLOTS);
  #values = new Float64Array(FIRST_SLOTS).fill(-1);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(hash: Hash): number | undefined {
    const value = this.#values[this.#slotOf(wordAt(hash, 0), wordAt(hash, 4), wordAt(hash, 8))] as number;
    return value < 0 ? undefined : value;
  }

  /** `value`: a whole number from 0. */
  set(hash: Hash, value: number): void {
    if (10 * (this.#size + 1) > 7 * this.#slots) this.#grow();
    this.#put(wordAt(hash, 0), wordAt(hash, 4), wordAt(hash, 8), value);
  }

  #put(first: number, second: number, third: number, value: number): void {
    const slot = this.#slotOf(first, second, third);
    if ((this.#values[slot] as number) < 0) {
      this.#size += 1;
      this.#keys[WORDS * slot] = first;
      this.#keys[WORDS * slot + 1] = second;
      this.#keys[WORDS * slot + 2] = third;
    }
    this.#values[slot] = value;
  }

  /** The slot of a key: its own, or the free one that it would take. */
  #slotOf(first: number, second: number, third: number): number {
    const mask = this.#slots - 1;
    let slot = first & mask;
    while (
      (this.#values[slot] as number) >= 0 &&
      (this.#keys[WORDS * slot] !== first ||
        this.#keys[WORDS * slot + 1] !== second ||
        this.#keys[WORDS * slot + 2] !== third)
    ) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const [slots, keys, values] = [this.#slots, this.#keys, this.#values];
    this.#slots = 2 * slots;
    this.#keys = new Uint32Array(WORDS * this.#slots);
    this.#values = new Float64Array(this.#slots).fill(-1);
    this.#size = 0;
    for (let slot = 0; slot < slots; slot++) {
      const value = values[slot] as number;
      if (value < 0) continue;
      const at = WORDS * slot;
      this.#put(keys[at] as number, keys[at + 1] as number, keys[at + 2] as number, value);
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
