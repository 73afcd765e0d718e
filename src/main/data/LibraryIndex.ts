import type { PairDetails, PairFilter, PairRow, Selection, Source } from '#shared/entities.ts';
import type { Conditions, FilterChoices, Sort, TagCount } from '#shared/library.ts';
import type { Database } from './database.ts';
import { MarkSets } from './marks/MarkSets.ts';
import { type SparseBits, sparse } from './marks/markTable.ts';
import { pairDetails } from './pairDetails.ts';
import { IMPORT_ANNOTATOR } from './pairIdentity.ts';
import { type Look, pageReader, type Viewer } from './pairRows.ts';
import { Remembered } from './Remembered.ts';
import { Bits } from './search/Bits.ts';
import { roomFor, SearchIndex } from './search/SearchIndex.ts';
import { searchTable } from './search/searchTable.ts';
import { keepMeeting, keepShown } from './table/conditions.ts';
import { ordered } from './table/order.ts';
import { type Part, shareOf } from './table/Part.ts';
import { TableColumns } from './table/TableColumns.ts';
import { WholeOrders } from './table/WholeOrders.ts';

export type StatusCounts = Readonly<Record<PairFilter['status'], number>>;

export interface SelectedPairs extends SparseBits {
  readonly pairs: number;
}
interface Page {
  readonly offset: number;
  readonly limit: number;
  readonly sort: Sort | null;
}
/** `page` is null where all that is found counts. */
export interface Search {
  readonly filter: PairFilter;
  readonly viewer: Viewer;
  readonly page: Page | null;
}
const EVERYTHING: PairFilter = { text: '', sourceId: null, status: 'all' };
const NOBODY: Viewer = { annotatorId: null, blind: true };

/** Ids of rows up to `last`, and how far they were read. */
interface Known {
  bits: Bits;
  upTo: number;
}

const isAsAdded = (sort: Sort | null): sort is null =>
  sort === null || (sort.column === 'added' && !sort.descending);

/** Answers that are kept while nothing is written: sets of ids, and ids in an order. */
const SETS_KEPT = 16;
const ORDERS_KEPT = 4;
/** Fewer pairs than this are put in order by themselves. */
const FEW = 50_000;

/**
 * Which pairs there are, as sets of ids and columns in memory: counts, and pages at any place and in any order, cost a
 * pass over them. Lives in the process that reads; what others write is seen by the next question.
 */
export class LibraryIndex {
  readonly #database: Database;
  readonly #table;
  readonly #search: SearchIndex;
  readonly #page;
  readonly #written;
  readonly #sourceRows;
  readonly #people;
  /** Whether every id up to the last is a pair's: a count is quick where a walk is not. */
  readonly #isDense;
  readonly #details;
  readonly #marks: MarkSets;
  readonly #columns: TableColumns;
  readonly #all: Known = { bits: new Bits(0), upTo: 0 };
  readonly #sources = new Map<number, Known>();
  readonly #found = new Remembered<Bits>(SETS_KEPT);
  readonly #orders = new Remembered<Uint32Array>(ORDERS_KEPT);
  readonly #wholeOrders: WholeOrders;

  constructor(database: Database) {
    this.#database = database;
    this.#table = searchTable(database);
    this.#search = new SearchIndex(this.#table);
    this.#page = pageReader(database);
    this.#written = database.prepare<[], number>('SELECT total_changes()').pluck();
    this.#sourceRows = database.prepare<[], Omit<Source, 'pairs'>>(
      'SELECT id, name, file, format, imported_at AS importedAt FROM sources ORDER BY id',
    );
    this.#isDense = database
      .prepare<[], number>('SELECT (SELECT count(*) FROM stored_pairs) = (SELECT max(id) FROM stored_pairs)')
      .pluck();
    this.#people = database.prepare<[string], FilterChoices['people'][number]>(
      `SELECT id, name, kind FROM annotators WHERE kind = 'person' OR name <> ?
       ORDER BY kind DESC, name COLLATE NOCASE`,
    );
    this.#details = pairDetails(database);
    this.#marks = new MarkSets(database);
    this.#columns = new TableColumns(database, this.#marks);
    this.#wholeOrders = new WholeOrders(this.#columns, () => this.#everything(this.#columns.last).toIds());
  }

  count(filter: PairFilter, viewer: Viewer): number {
    return this.#atOnce(() => this.#matching(filter, viewer).count());
  }

  rows(filter: PairFilter, viewer: Viewer, offset: number, limit: number, look: Look = {}): PairRow[] {
    return this.#atOnce(() => {
      const ids = this.#place(filter, look.sort ?? null, viewer, offset, limit);
      const size = this.#columns.size;
      const tags = this.#marks.tags().map(({ id, name }) => ({ name, bits: this.#marks.of(id, size) }));
      const marks = this.#marks.ofEach(size);
      const measures = look.measures === true ? this.#columns.measures() : () => null;
      return this.#page(ids, viewer, look.fields ?? []).map((row) => ({
        ...row,
        ...marks(row.id),
        measures: measures(row.id),
        tags: tags.filter(({ bits }) => bits.has(row.id)).map(({ name }) => name),
      }));
    });
  }

  statusCounts(filter: Omit<PairFilter, 'status'>, viewer: Viewer): StatusCounts {
    return this.#atOnce(() => {
      const within = this.#matching({ ...filter, status: 'all' }, viewer);
      const { labelled, skipped } = this.#verdicts(viewer.annotatorId, within.size);
      const all = within.count();
      const counts = {
        labelled: labelled.copy().keep(within).count(),
        skipped: skipped.copy().keep(within).count(),
      };
      return { all, ...counts, unlabelled: all - counts.labelled - counts.skipped };
    });
  }

  /** Every pair of a queue that is kept to a filter, whatever its status, in order. */
  find(filter: Omit<PairFilter, 'status'>, viewer: Viewer): Uint32Array<ArrayBuffer> {
    return this.#atOnce(() => {
      const found = this.#matching({ ...filter, status: 'all' }, viewer).copy();
      keepShown(found, undefined, this.#marks);
      return found.toIds() as Uint32Array<ArrayBuffer>;
    });
  }

  /** Ids of rows by position; of all of them unless it says otherwise. */
  ids(
    filter: PairFilter,
    viewer: Viewer,
    offset = 0,
    limit = Number.MAX_SAFE_INTEGER,
    sort: Sort | null = null,
  ): number[] {
    return this.#atOnce(() => this.#place(filter, sort, viewer, offset, limit));
  }

  /** The pairs of a choice that a change of a mark would change. */
  select(selection: Selection, viewer: Viewer, markId: number, adds: boolean): SelectedPairs {
    return this.#atOnce(() => {
      const chosen = this.#chosen(selection, viewer);
      const marked = this.#marks.of(markId, chosen.size);
      if (adds) chosen.without(marked);
      else chosen.keep(marked);
      return { pairs: chosen.count(), ...sparse(chosen) };
    });
  }

  #chosen(selection: Selection, viewer: Viewer): Bits {
    if ('filter' in selection) {
      const found = this.#matching(selection.filter, viewer).copy();
      for (const id of selection.except) if (id >= 0 && id < found.size) found.remove(id);
      return found;
    }
    const all = this.#base(this.#table.lastVisible(), null);
    const chosen = new Bits(all.size);
    for (const id of selection.ids) if (id >= 0 && id < all.size && all.has(id)) chosen.add(id);
    return chosen;
  }

  /** Reads a piece of what a search will need; false when all of it is there. */
  readAhead(): boolean {
    return this.#search.readAhead();
  }

  tags(): TagCount[] {
    return this.#atOnce(() => {
      const inUse = this.#matching(EVERYTHING, NOBODY);
      return this.#marks
        .tags()
        .map(({ id, name }) => ({ name, pairs: inUse.copy().keep(this.#marks.of(id, inUse.size)).count() }));
    });
  }

  choices(): FilterChoices {
    return this.#atOnce(() => {
      const inUse = this.#matching(EVERYTHING, NOBODY);
      return {
        people: this.#people.all(IMPORT_ANNOTATOR),
        fields: this.#columns.metadata.names(),
        languages: this.#columns.languageCounts(inUse.toIds()),
      };
    });
  }

  /** Whether languages of new pairs are to be told here. */
  hasUntold(): boolean {
    return this.#atOnce(() => this.#columns.hasUntold(this.#table.lastVisible()));
  }
  tellLanguagesBy(languageOf: (text: string) => string): void {
    this.#columns.tellLanguagesBy(languageOf);
    this.#found.at('');
    this.#orders.at('');
  }

  details(pairId: number, viewer: Viewer): PairDetails | null {
    return this.#atOnce(() => this.#details(pairId, viewer));
  }

  sources(): Source[] {
    return this.#atOnce(() => {
      const last = this.#table.lastVisible();
      return this.#sourceRows.all().map((source) => ({
        ...source,
        pairs: keepShown(this.#base(last, source.id), undefined, this.#marks).count(),
      }));
    });
  }

  /** Everything that one question asks is of one state of the file. */
  #atOnce<T>(ask: () => T): T {
    return this.#database
      .transaction(() => {
        const version = `${this.#database.pragma('data_version', { simple: true })}:${this.#written.get()}`;
        this.#found.at(version);
        this.#orders.at(version);
        return ask();
      })
      .deferred();
  }

  /**
   * Whether a question about these pairs can be answered at once; else it is once `lookFurther` was called often enough. A
   * page in the order in which pairs came needs no more of them than it shows.
   */
  isKnown(search: Search): boolean {
    const { filter, viewer, page } = search;
    return this.#atOnce(() => {
      if (this.#behind(search) !== null) return false;
      const check = this.#search.check(filter.text, this.#table.lastVisible());
      return check === null || check.isDone || (page !== null && this.#early(filter, viewer, page) !== null);
    });
  }
  /** Reads some more of what a search needs: a column of the table, or texts. */
  lookFurther(search: Search): void {
    this.#atOnce(() => {
      const last = this.#table.lastVisible();
      const part = this.#behind(search);
      if (part) part.step(last, this.#columns.size);
      else this.#search.check(search.filter.text, last)?.step();
    });
  }

  /** How far what `isKnown` waits for is, from 0 to 1; null where it waits for nothing. */
  progress(search: Search): number | null {
    if (this.isKnown(search)) return null;
    return this.#atOnce(() => {
      const { filter, viewer, page } = search;
      const last = this.#table.lastVisible();
      const column = page?.sort?.column ?? 'added';
      const parts = this.#columns.parts(filter.where ?? {}, column === 'added' ? null : column, viewer);
      const check = this.#search.check(filter.text, last);
      if (check)
        parts.push({ weight: 2, share: () => check.share, isBehind: () => true, step: () => undefined });
      return parts.length === 0 ? 0 : shareOf(parts, last);
    });
  }

  #behind({ filter, viewer, page }: Search): Part | null {
    const last = this.#table.lastVisible();
    this.#columns.at(last, roomFor(last));
    const { where } = filter;
    const finding = where ? this.#columns.behindFinding(where, viewer) : null;
    const sort = page?.sort ?? null;
    const column = sort?.column ?? 'added';
    if (finding || sort === null || column === 'added') return finding;
    const ordering = this.#columns.behindOrder(column, viewer);
    if (ordering || filter.text.trim() !== '' || last < FEW) return ordering;
    return this.#wholeOrders.isKnown(column, sort, viewer) || this.#matching(filter, viewer).count() < FEW
      ? null
      : {
          weight: 1,
          isBehind: () => true,
          share: () => 0,
          step: () => this.#wholeOrders.step(column, sort, viewer),
        };
  }

  /** Ids of a page of a search that is still on, where they are known. */
  #early(filter: PairFilter, viewer: Viewer, { offset, limit, sort }: Page): number[] | null {
    const check = this.#search.check(filter.text, this.#table.lastVisible());
    if (!check || check.isDone || !isAsAdded(sort)) return null;
    const found = this.#matching({ ...filter, text: '' }, viewer)
      .copy()
      .keep(check.found);
    return found.countUpTo(check.upTo) < offset + limit ? null : found.slice(offset, limit);
  }

  /** Ids of a page. */
  #place(filter: PairFilter, sort: Sort | null, viewer: Viewer, offset: number, limit: number): number[] {
    const early = this.#early(filter, viewer, { offset, limit, sort });
    if (early) return early;
    const found = this.#matching(filter, viewer);
    if (isAsAdded(sort)) return found.slice(offset, limit);
    const ids = this.#orders.get(JSON.stringify([filter, sort, viewer]), () =>
      this.#order(found, sort, viewer),
    );
    return [...ids.subarray(offset, offset + limit)];
  }

  #order(found: Bits, sort: Sort, viewer: Viewer): Uint32Array {
    const { column, descending } = sort;
    if (column === 'added') return descending ? found.toIds().reverse() : found.toIds();
    if (found.count() < FEW)
      return ordered(this.#columns.keys(column, viewer).keys, found.toIds(), descending);
    return this.#wholeOrders.of(column, sort, viewer).filter((id) => found.has(id));
  }

  /** To be read, not changed. */
  #matching(filter: PairFilter, viewer: Viewer): Bits {
    return this.#found.get(JSON.stringify([filter, viewer]), () => this.#match(filter, viewer));
  }

  #match({ text, sourceId, status, where = {} }: PairFilter, viewer: Viewer): Bits {
    const last = this.#table.lastVisible();
    const found = this.#base(last, sourceId);
    this.#columns.at(last, found.size);
    keepShown(found, where.shown, this.#marks);
    const texts = this.#search.find(text, last);
    if (texts) found.keep(texts);
    this.#meet(found, where, viewer);
    if (status === 'all') return found;
    const { labelled, skipped } = this.#verdicts(viewer.annotatorId, found.size);
    if (status === 'labelled') return found.keep(labelled);
    return status === 'skipped' ? found.keep(skipped) : found.without(labelled).without(skipped);
  }

  #meet(found: Bits, where: Conditions, viewer: Viewer): void {
    if (Object.keys(where).some((name) => name !== 'shown'))
      keepMeeting(found, where, viewer, this.#columns, this.#marks);
  }

  /** A set of its own for the caller. */
  #base(last: number, sourceId: number | null): Bits {
    const ids =
      sourceId === null
        ? this.#everything(last)
        : this.#known(this.#source(sourceId), last, 'source_id = ? AND', [sourceId]);
    const found = ids.copy();
    const aside = this.#database.prepare<[], number>('SELECT pair_id FROM set_aside').pluck();
    for (const id of aside.iterate()) if (id < found.size) found.remove(id);
    return found;
  }

  #everything(last: number): Bits {
    return this.#known(this.#all, last, '', []);
  }

  #source(sourceId: number): Known {
    const known = this.#sources.get(sourceId) ?? { bits: new Bits(0), upTo: 0 };
    this.#sources.set(sourceId, known);
    return known;
  }

  /** Pairs never go once they are seen: only those after the last look are read. */
  #known(known: Known, last: number, where: string, bound: readonly number[]): Bits {
    if (roomFor(last) > known.bits.size) known.bits = new Bits(roomFor(last)).takeIn(known.bits);
    if (known.upTo === 0 && bound.length === 0 && this.#isDense.get() === 1) {
      known.bits = Bits.upTo(last + 1, known.bits.size);
      known.bits.remove(0);
      known.upTo = last;
    }
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
        "SELECT pair_id, decision = 'skip' FROM standing WHERE person = 1 AND annotator_id = ?",
      )
      .raw();
    for (const [id, isSkip] of standing.iterate(annotatorId)) {
      if (id < size) sets[isSkip === 1 ? 'skipped' : 'labelled'].add(id);
    }
    return sets;
  }
}
