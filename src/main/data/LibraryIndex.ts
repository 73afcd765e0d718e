import type { PairFilter, PairRow } from '#shared/entities.ts';
import type { Database } from './database.ts';
import { pageReader, type Viewer } from './pairRows.ts';
import { Bits } from './search/Bits.ts';
import { roomFor, SearchIndex } from './search/SearchIndex.ts';
import { searchTable } from './search/searchTable.ts';

export type StatusCounts = Readonly<Record<PairFilter['status'], number>>;

/** Ids of rows up to `last`, and how far they were read. */
interface Known {
  bits: Bits;
  upTo: number;
}

/**
 * Which pairs there are, by source, verdict and text, as sets of ids in memory: counts and pages of any place cost a
 * pass over the set. Lives in the thread that reads; what others write is seen by the next question.
 */
export class LibraryIndex {
  readonly #database: Database;
  readonly #table;
  readonly #search: SearchIndex;
  readonly #page;
  readonly #all: Known = { bits: new Bits(0), upTo: 0 };
  readonly #sources = new Map<number, Known>();

  constructor(database: Database) {
    this.#database = database;
    this.#table = searchTable(database);
    this.#search = new SearchIndex(this.#table);
    this.#page = pageReader(database);
  }

  count(filter: PairFilter, annotatorId: number | null): number {
    return this.#atOnce(() => this.#matching(filter, annotatorId).count());
  }

  rows(filter: PairFilter, viewer: Viewer, offset: number, limit: number): PairRow[] {
    return this.#atOnce(() =>
      this.#page(this.#matching(filter, viewer.annotatorId).slice(offset, limit), viewer),
    );
  }

  statusCounts(filter: Pick<PairFilter, 'text' | 'sourceId'>, annotatorId: number | null): StatusCounts {
    return this.#atOnce(() => {
      const within = this.#matching({ ...filter, status: 'all' }, annotatorId);
      const { labelled, skipped } = this.#verdicts(annotatorId, within.size);
      const all = within.count();
      const counts = { labelled: labelled.keep(within).count(), skipped: skipped.keep(within).count() };
      return { all, ...counts, unlabelled: all - counts.labelled - counts.skipped };
    });
  }

  /** Every pair that a filter matches, in order. */
  ids(filter: PairFilter, annotatorId: number | null): number[] {
    return this.#atOnce(() => {
      const found = this.#matching(filter, annotatorId);
      return found.slice(0, found.size);
    });
  }

  /** Every pair that holds a text, in order. */
  find(filter: Pick<PairFilter, 'text' | 'sourceId'>): number[] {
    return this.ids({ ...filter, status: 'all' }, null);
  }

  /** Everything that one question asks is of one state of the file. */
  #atOnce<T>(ask: () => T): T {
    return this.#database.transaction(ask).deferred();
  }

  #matching({ text, sourceId, status }: PairFilter, annotatorId: number | null): Bits {
    const last = this.#table.lastVisible();
    const found = this.#base(last, sourceId);
    const texts = this.#search.find(text, last);
    if (texts) found.keep(texts);
    else if (text.trim() !== '') return new Bits(found.size);
    if (status === 'all') return found;
    const { labelled, skipped } = this.#verdicts(annotatorId, found.size);
    if (status === 'labelled') return found.keep(labelled);
    return status === 'skipped' ? found.keep(skipped) : found.without(labelled).without(skipped);
  }

  /** A set of its own for the caller. */
  #base(last: number, sourceId: number | null): Bits {
    const ids =
      sourceId === null
        ? this.#known(this.#all, last, '', [])
        : this.#known(this.#source(sourceId), last, 'source_id = ? AND', [sourceId]);
    const found = ids.copy();
    const aside = this.#database.prepare<[], number>('SELECT pair_id FROM set_aside').pluck();
    for (const id of aside.iterate()) if (id < found.size) found.remove(id);
    return found;
  }

  #source(sourceId: number): Known {
    const known = this.#sources.get(sourceId) ?? { bits: new Bits(0), upTo: 0 };
    this.#sources.set(sourceId, known);
    return known;
  }

  /** Pairs never go once they are seen: only those after the last look are read. */
  #known(known: Known, last: number, where: string, bound: readonly number[]): Bits {
    if (roomFor(last) > known.bits.size) known.bits = new Bits(roomFor(last)).takeIn(known.bits);
    if (last > known.upTo) {
      const ids = this.#database
        .prepare<number[], number>(`SELECT id FROM stored_pairs WHERE ${where} id > ? AND id <= ?`)
        .pluck();
      for (const id of ids.iterate(...bound, known.upTo, last)) known.bits.add(id);
      known.upTo = last;
    }
    return known.bits;
  }

  #verdicts(annotatorId: number | null, size: number): { labelled: Bits; skipped: Bits } {
    const sets = { labelled: new Bits(size), skipped: new Bits(size) };
    if (annotatorId === null) return sets;
    const standing = this.#database
      .prepare<[number], [number, 0 | 1]>(
        "SELECT pair_id, decision = 'skip' FROM standing WHERE annotator_id = ?",
      )
      .raw();
    for (const [id, isSkip] of standing.iterate(annotatorId)) {
      if (id < size) sets[isSkip === 1 ? 'skipped' : 'labelled'].add(id);
    }
    return sets;
  }
}
