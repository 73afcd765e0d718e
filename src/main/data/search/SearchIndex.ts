import { Bits } from './Bits.ts';
import { parseQuery, type Term } from './parseQuery.ts';
import { type PostingsReader, Segment } from './Segment.ts';
import { CHUNK_BYTES, SEGMENT_PAIRS } from './SegmentBuilder.ts';
import type { SearchTable, StoredSegment } from './searchTable.ts';
import { TextCheck } from './TextCheck.ts';

/** Postings held in memory, over all segments: 16 MB. */
const MOST_CHUNKS = 4000;
const REMEMBERED_QUERIES = 64;
/** More than any has. */
const CHUNKS_OF_SEGMENT = 2 ** 24;

/** Room for every pair up to `last`, in whole segments. */
export const roomFor = (last: number): number => SEGMENT_PAIRS * (Math.floor(last / SEGMENT_PAIRS) + 1);

/** Finds the pairs that answer a query, by their ids. Lives in the process that reads. */
export class SearchIndex {
  readonly #table: SearchTable;
  readonly #segments = new Map<number, Segment>();
  readonly #chunks = new Map<number, Buffer>();
  readonly #found = new Map<string, TextCheck>();

  constructor(table: SearchTable) {
    this.#table = table;
  }

  /** Pairs up to `last` that answer what was typed; null where nothing was. */
  find(text: string, last: number): Bits | null {
    const check = this.check(text, last);
    while (check && !check.isDone) check.step();
    return check?.found ?? null;
  }

  /** The same on its way: what the texts have yet to tell takes steps. */
  check(text: string, last: number): TextCheck | null {
    const terms = parseQuery(text);
    if (terms === null) return null;
    const segments = this.#table.segments().filter(({ firstPair }) => firstPair <= last);
    const key = JSON.stringify([terms, last, segments.map(({ id }) => id)]);
    const known = this.#found.get(key);
    if (known) return known;
    const found = new Bits(roomFor(last));
    const open = new Bits(roomFor(last));
    let covered = 0;
    for (const segment of segments) {
      covered = Math.max(covered, segment.lastPair);
      const within = this.#findIn(segment, terms);
      found.takeIn(within.found, segment.firstPair);
      open.takeIn(within.open, segment.firstPair);
    }
    // A term that only excludes something finds places without a pair, too: ids begin at 1, and end before the segment may.
    found.remove(0);
    for (const id of found.after(covered, Number.MAX_SAFE_INTEGER)) found.remove(id);
    if (this.#found.size >= REMEMBERED_QUERIES) this.#found.delete(this.#found.keys().next().value as string);
    const check = new TextCheck(this.#table, terms, { found, open }, { covered, last });
    this.#found.set(key, check);
    return check;
  }

  /** Reads one more segment before it is asked for; false when all are there. */
  readAhead(): boolean {
    const next = this.#table.segments().find(({ id }) => !this.#segments.has(id));
    if (next) this.#segment(next);
    return next !== undefined;
  }

  /** Pairs of a segment that hold all words; `open` are those of which the texts tell whether a phrase's stand in order. */
  #findIn(stored: StoredSegment, terms: readonly Term[]): { found: Bits; open: Bits } {
    const segment = this.#segment(stored);
    const found = Bits.upTo(SEGMENT_PAIRS);
    const open = new Bits(SEGMENT_PAIRS);
    for (const { words, excluded } of terms) {
      const holding = segment.find(words);
      if (words.length > 1) open.takeIn(holding);
      if (!excluded) found.keep(holding);
      else if (words.length === 1) found.without(holding);
    }
    return { found, open: open.keep(found) };
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
