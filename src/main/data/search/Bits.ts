const ONES = new Uint8Array(65_536);
for (let value = 1; value < ONES.length; value++) ONES[value] = (ONES[value >> 1] as number) + (value & 1);

const onesIn = (word: number): number => (ONES[word & 0xffff] as number) + (ONES[word >>> 16] as number);

/** A set of whole numbers below `size`. */
export class Bits {
  readonly size: number;
  readonly words: Uint32Array;

  constructor(size: number, words = new Uint32Array(Math.ceil(size / 32))) {
    this.size = size;
    this.words = words;
  }

  /** All numbers below `end`. */
  static upTo(end: number, size = end): Bits {
    const bits = new Bits(size);
    bits.words.fill(0xffffffff, 0, end >> 5);
    if (end % 32 !== 0) bits.words[end >> 5] = 2 ** (end % 32) - 1;
    return bits;
  }

  add(value: number): void {
    this.words[value >> 5] = (this.words[value >> 5] as number) | (1 << (value & 31));
  }
  remove(value: number): void {
    this.words[value >> 5] = (this.words[value >> 5] as number) & ~(1 << (value & 31));
  }
  has(value: number): boolean {
    return (((this.words[value >> 5] as number) >>> (value & 31)) & 1) === 1;
  }

  copy(): Bits {
    return new Bits(this.size, this.words.slice());
  }
  keep(other: Bits): this {
    for (let at = 0; at < this.words.length; at++)
      this.words[at] = (this.words[at] as number) & (other.words[at] as number);
    return this;
  }
  without(other: Bits): this {
    for (let at = 0; at < this.words.length; at++)
      this.words[at] = (this.words[at] as number) & ~(other.words[at] as number);
    return this;
  }
  /** Takes in another set, its numbers moved up by `offset`, a multiple of 32. */
  takeIn(other: Bits, offset = 0): this {
    const first = offset / 32;
    for (let at = 0; at < other.words.length && first + at < this.words.length; at++) {
      this.words[first + at] = (this.words[first + at] as number) | (other.words[at] as number);
    }
    return this;
  }

  count(): number {
    let count = 0;
    for (const word of this.words) count += onesIn(word);
    return count;
  }

  /** Numbers up to one. */
  countUpTo(value: number): number {
    const whole = Math.min(this.words.length, (value + 1) >> 5);
    let count = 0;
    for (let at = 0; at < whole; at++) count += onesIn(this.words[at] as number);
    const rest = this.words[whole] ?? 0;
    return whole === (value + 1) >> 5 ? count + onesIn(rest & (2 ** ((value + 1) & 31) - 1)) : count;
  }

  /** All numbers in their order. */
  toIds(): Uint32Array {
    const ids = new Uint32Array(this.count());
    let next = 0;
    for (let at = 0; at < this.words.length; at++) {
      for (let word = this.words[at] as number; word !== 0; word &= word - 1) {
        ids[next] = 32 * at + 31 - Math.clz32(word & -word);
        next += 1;
      }
    }
    return ids;
  }

  /** Up to `limit` numbers above one, in their order. */
  after(value: number, limit: number): number[] {
    const found: number[] = [];
    const from = value + 1;
    for (let at = from >> 5; at < this.words.length && found.length < limit; at++) {
      let word = this.words[at] as number;
      if (at === from >> 5) word &= -1 << (from & 31);
      for (; word !== 0 && found.length < limit; word &= word - 1) {
        found.push(32 * at + 31 - Math.clz32(word & -word));
      }
    }
    return found;
  }

  /** Up to `limit` numbers in their order, from the one at place `offset`. */
  slice(offset: number, limit: number): number[] {
    const found: number[] = [];
    let passed = 0;
    for (let at = 0; at < this.words.length && found.length < limit; at++) {
      let word = this.words[at] as number;
      const ones = onesIn(word);
      if (passed + ones <= offset) {
        passed += ones;
        continue;
      }
      while (word !== 0 && found.length < limit) {
        const bit = 31 - Math.clz32(word & -word);
        if (passed >= offset) found.push(32 * at + bit);
        passed += 1;
        word &= word - 1;
      }
    }
    return found;
  }
}
