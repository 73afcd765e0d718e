import { Bits } from './Bits.ts';
import { LONGEST_PART, PARTS_BEGIN } from './parts.ts';
import { BITMAP_BYTES, SEGMENT_PAIRS } from './SegmentBuilder.ts';

const NEWLINE = 10;

/** Reads postings from `start` to `end`. */
export type PostingsReader = (start: number, end: number) => Uint8Array;

/** A segment that is asked which of its pairs hold a part of a word. */
export class Segment {
  readonly #words: Buffer;
  /** Parts of words, and where they begin behind the words. */
  readonly #parts: Buffer;
  readonly #partsAt: number;
  /** Where each word begins in `words`. */
  readonly #places: Uint32Array;
  readonly #starts: Uint32Array;
  readonly #read: PostingsReader;

  constructor(words: Buffer, starts: Buffer, read: PostingsReader) {
    // Little-endian on every machine that Facet runs on, and aligned only in a copy.
    this.#starts = new Uint32Array(Uint8Array.from(starts).buffer);
    this.#places = new Uint32Array(this.#starts.length);
    let id = 0;
    for (let at = 0; at < words.length && id < this.#places.length; at++) {
      if (words[at] !== NEWLINE) continue;
      this.#places[id] = at + 1;
      id += 1;
    }
    this.#places[this.#places.length - 1] = words.length;
    const parts = words.indexOf(`\n${PARTS_BEGIN}`);
    this.#words = parts < 0 ? words : words.subarray(0, parts + 1);
    this.#parts = parts < 0 ? words.subarray(words.length) : words.subarray(parts);
    this.#partsAt = words.length - this.#parts.length;
    this.#read = read;
  }

  /** Pairs that hold all words of a phrase; whether they stand in its order is for the caller to see. */
  find(words: readonly string[]): Bits {
    const [first, ...rest] = words;
    const last = rest.pop();
    if (first === undefined) return new Bits(SEGMENT_PAIRS);
    if (last === undefined) return this.#holding(first);
    const found = this.#holding(`${first}\n`);
    for (const word of rest) found.keep(this.#holding(`\n${word}\n`));
    return found.keep(this.#holding(`\n${last}`));
  }

  /** A newline in `part` stands for the beginning or the end of a word. */
  #holding(part: string): Bits {
    const found = new Bits(SEGMENT_PAIRS);
    // A newline in it would be one behind the tab, where none is.
    const known = part.length <= LONGEST_PART ? this.#parts.indexOf(`\n${PARTS_BEGIN}${part}\n`) : -1;
    if (known >= 0) {
      this.#addPlaces(this.#wordAt(this.#partsAt + known + 1, 0), found);
      return found;
    }
    const wanted = Buffer.from(part);
    const offset = part.startsWith('\n') ? 1 : 0;
    let id = 0;
    for (let at = this.#words.indexOf(wanted); at >= 0; ) {
      id = this.#wordAt(at + offset, id);
      this.#addPlaces(id, found);
      // The next word's newline: a word counts once, however often it holds the part.
      at = this.#words.indexOf(wanted, (this.#places[id + 1] as number) - 1);
    }
    return found;
  }

  /** The word that holds a byte, `from` or one after it. */
  #wordAt(byte: number, from: number): number {
    let low = from;
    let step = 1;
    while (low + step < this.#places.length - 1 && (this.#places[low + step] as number) <= byte) {
      low += step;
      step *= 2;
    }
    let high = Math.min(low + step, this.#places.length - 1);
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#places[middle] as number) <= byte) low = middle;
      else high = middle;
    }
    return low;
  }

  #addPlaces(id: number, found: Bits): void {
    const start = this.#starts[id] as number;
    const end = this.#starts[id + 1] as number;
    const postings = this.#read(start, end);
    const { words } = found;
    if (postings.length === BITMAP_BYTES) {
      for (let at = 0; at < words.length; at++) {
        const byte = 4 * at;
        words[at] =
          (words[at] as number) |
          (postings[byte] as number) |
          ((postings[byte + 1] as number) << 8) |
          ((postings[byte + 2] as number) << 16) |
          ((postings[byte + 3] as number) << 24);
      }
      return;
    }
    let place = 0;
    let distance = 0;
    let shift = 0;
    for (let at = 0; at < postings.length; at++) {
      const byte = postings[at] as number;
      distance |= (byte & 127) << shift;
      if (byte > 127) {
        shift += 7;
        continue;
      }
      place += distance;
      words[place >> 5] = (words[place >> 5] as number) | (1 << (place & 31));
      distance = 0;
      shift = 0;
    }
  }
}
