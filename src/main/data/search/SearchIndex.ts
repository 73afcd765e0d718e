import { Bits } from './Bits.ts';
import { fold } from './fold.ts';
import { matches, parseQuery, type Term } from './parseQuery.ts';
import { type PostingsReader, Segment } from './Segment.ts';
import { CHUNK_BYTES, SEGMENT_PAIRS } from './SegmentBuilder.ts';
import type { SearchTable, StoredSegment } from './searchTable.ts';

/** Postings held in memory, over all segments: 16 MB. */
const MOST_CHUNKS = 4000;
const REMEMBERED_QUERIES = 64;
/** More than any has. */
const CHUNKS_OF_SEGMENT = 2 ** 24;

/** Room for every pair up to `last`, in whole segments. */
export const roomFor = (last: number): number => SEGMENT_PAIRS * (Math.floor(last / SEGMENT_PAIRS) + 1);

/** Finds the pairs that answer a query, by their ids. Lives in the thread that reads. */
export class SearchIndex {
  readonly #table: SearchTable;
  readonly #segments = new Map<number, Segment>();
  readonly #chunks = new Map<number, Buffer>();
  readonly #found = new Map<string, Bits>();

  constructor(table: SearchTable) {
    this.#table = table;
  }

  /** Pairs up to `last` that answer what was typed; null where nothing was. */
  find(text: string, last: number): Bits | null {
    const terms = parseQuery(text);
    if (terms === null) return null;
    const segments = this.#table.segments().filter(({ firstPair }) => firstPair <= last);
    const key = JSON.stringify([terms, last, segments.map(({ id }) => id)]);
    const known = this.#found.get(key);
    if (known) return known;
    const found = new Bits(roomFor(last));
    let covered = -1;
    for (const segment of segments) {
      covered = Math.max(covered, segment.lastPair);
      found.takeIn(this.#findIn(segment, terms), segment.firstPair);
    }
    // The newest pairs are in no segment yet.
    for (const { id, text: searched } of this.#table.texts(covered + 1, last)) {
      if (matches(terms, fold(searched))) found.add(id);
    }
    if (this.#found.size >= REMEMBERED_QUERIES) this.#found.delete(this.#found.keys().next().value as string);
    this.#found.set(key, found);
    return found;
  }

  /** Reads one more segment before it is asked for; false when all are there. */
  readAhead(): boolean {
    const next = this.#table.segments().find(({ id }) => !this.#segments.has(id));
    if (next) this.#segment(next);
    return next !== undefined;
  }

  #findIn(stored: StoredSegment, terms: readonly Term[]): Bits {
    const segment = this.#segment(stored);
    const found = Bits.upTo(SEGMENT_PAIRS);
    const phrases = terms.filter(({ words }) => words.length > 1);
    for (const { words, excluded } of terms) {
      if (!excluded) found.keep(segment.find(words));
      else if (words.length === 1) found.without(segment.find(words));
    }
    if (phrases.length === 0) return found;
    for (const place of found.slice(0, SEGMENT_PAIRS)) {
      const text = fold(this.#table.text(stored.firstPair + place));
      if (!matches(phrases, text)) found.remove(place);
    }
    return found;
  }

  #segment({ id }: StoredSegment): Segment {
    const known = this.#segments.get(id);
    if (known) return known;
    const { words, starts } = this.#table.words(id);
    const segment = new Segment(words, starts, this.#postings(id));
    this.#segments.set(id, segment);
    return segment;
  }

  /** Words are asked for in their order: the next one's postings lie mostly in the chunk that was read last. */
  #postings(segmentId: number): PostingsReader {
    let current = -1;
    let data: Buffer | null = null;
    return (start, end) => {
      const first = Math.floor(start / CHUNK_BYTES);
      const last = Math.floor((end - 1) / CHUNK_BYTES);
      const at = start - first * CHUNK_BYTES;
      if (first !== current || !data) data = this.#chunk(segmentId, first);
      current = first;
      if (first === last) return data.subarray(at, at + end - start);
      const chunks = Array.from({ length: last - first + 1 }, (_, index) =>
        this.#chunk(segmentId, first + index),
      );
      return Buffer.concat(chunks).subarray(at, at + end - start);
    };
  }

  #chunk(segmentId: number, number: number): Buffer {
    const key = CHUNKS_OF_SEGMENT * segmentId + number;
    const known = this.#chunks.get(key);
    if (known) return known;
    if (this.#chunks.size >= MOST_CHUNKS) this.#chunks.delete(this.#chunks.keys().next().value as number);
    const data = this.#table.chunk(segmentId, number);
    this.#chunks.set(key, data);
    return data;
  }
}
