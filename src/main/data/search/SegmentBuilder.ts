import { fold, wordsOf } from './fold.ts';
import { LEAST_WORK, PARTS_BEGIN, shortParts } from './parts.ts';

/** Pairs of one segment: ids from its first one on. */
export const SEGMENT_PAIRS = 65_536;
/** Postings that take as many bytes are a bit for each pair instead. */
export const BITMAP_BYTES = SEGMENT_PAIRS / 8;
/** Bytes of postings in one row of the table: a row fits into a page, so that a rare word costs one. */
export const CHUNK_BYTES = 4000;

export interface BuiltSegment {
  /** Every different word, UTF-8, each after a newline and before one; after them, parts of words behind a tab each. */
  readonly words: Buffer;
  /** Where each word's postings begin, and where the last one's end; uint32 little-endian. */
  readonly starts: Buffer;
  /**
   * The places of the pairs that hold a word, as distances to the one before, seven bits a byte, low bits first; or a bit
   * for each place, low bits first.
   */
  readonly postings: Buffer;
}

/** Collects which word is in which pair. */
export class SegmentBuilder {
  readonly #ids = new Map<string, number>();
  readonly #words: string[] = [];
  /** By word: the last place that has it, and how many have. */
  #last = new Int32Array(1024).fill(-1);
  #counts = new Uint32Array(1024);
  #entryWords = new Uint32Array(1 << 16);
  #entryPlaces = new Uint16Array(1 << 16);
  #entries = 0;

  /** `place` rises from call to call. */
  add(place: number, text: string): void {
    for (const word of wordsOf(fold(text))) {
      let id = this.#ids.get(word);
      if (id === undefined) {
        id = this.#words.push(word) - 1;
        this.#ids.set(word, id);
        if (id === this.#last.length) this.#growWords();
      }
      if (this.#last[id] === place) continue;
      this.#last[id] = place;
      this.#counts[id] = (this.#counts[id] as number) + 1;
      if (this.#entries === this.#entryWords.length) this.#growEntries();
      this.#entryWords[this.#entries] = id;
      this.#entryPlaces[this.#entries] = place;
      this.#entries += 1;
    }
  }

  /** `leastWork` as `shortParts` has it. */
  finish(leastWork = LEAST_WORK): BuiltSegment {
    const { firsts, places } = this.#byWord();
    const placesOf = (id: number): Uint16Array =>
      places.subarray(firsts[id] as number, firsts[id + 1] as number);
    const parts = shortParts(this.#words, placesOf, leastWork);
    const starts = Buffer.alloc(4 * (this.#words.length + parts.length + 1));
    // A distance below 65,536 takes three bytes at most.
    const postings = Buffer.allocUnsafe(3 * this.#entries + BITMAP_BYTES * (1 + parts.length));
    let count = 0;
    let end = 0;
    const add = (some: Uint16Array): void => {
      starts.writeUInt32LE(end, 4 * count);
      count += 1;
      end = writePlaces(postings, end, some);
    };
    for (let id = 0; id < this.#words.length; id++) add(placesOf(id));
    for (const { places: some } of parts) add(some);
    starts.writeUInt32LE(end, 4 * count);
    const names = parts.map(({ part }) => `${PARTS_BEGIN}${part}`);
    return {
      words: Buffer.from(`\n${[...this.#words, ...names].join('\n')}\n`),
      starts,
      postings: Buffer.from(postings.subarray(0, end)),
    };
  }

  /** The places of each word one after another, and where they begin. */
  #byWord(): { firsts: Uint32Array; places: Uint16Array } {
    const count = this.#words.length;
    const firsts = new Uint32Array(count + 1);
    for (let id = 0; id < count; id++) firsts[id + 1] = (firsts[id] as number) + (this.#counts[id] as number);
    const next = firsts.slice();
    const places = new Uint16Array(this.#entries);
    for (let entry = 0; entry < this.#entries; entry++) {
      const id = this.#entryWords[entry] as number;
      const at = next[id] as number;
      places[at] = this.#entryPlaces[entry] as number;
      next[id] = at + 1;
    }
    return { firsts, places };
  }

  #growWords(): void {
    const [last, counts] = [this.#last, this.#counts];
    this.#last = new Int32Array(2 * last.length).fill(-1);
    this.#last.set(last);
    this.#counts = new Uint32Array(2 * counts.length);
    this.#counts.set(counts);
  }

  #growEntries(): void {
    const [words, places] = [this.#entryWords, this.#entryPlaces];
    this.#entryWords = new Uint32Array(2 * words.length);
    this.#entryWords.set(words);
    this.#entryPlaces = new Uint16Array(2 * places.length);
    this.#entryPlaces.set(places);
  }
}

/** Writes rising places; gives where they end. */
function writePlaces(into: Buffer, start: number, places: Uint16Array): number {
  let end = start;
  let before = 0;
  for (const place of places) {
    let distance = place - before;
    before = place;
    for (; distance > 127; distance >>>= 7) into[end++] = (distance & 127) | 128;
    into[end++] = distance;
  }
  if (end - start < BITMAP_BYTES) return end;
  into.fill(0, start, start + BITMAP_BYTES);
  for (const place of places) {
    const at = start + (place >> 3);
    into[at] = (into[at] as number) | (1 << (place & 7));
  }
  return start + BITMAP_BYTES;
}
