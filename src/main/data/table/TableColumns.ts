import { languageName } from '#core/languageName.ts';
import type { Conditions, Measures, SortColumn } from '#shared/library.ts';
import type { Database } from '../database.ts';
import type { MarkSets } from '../marks/MarkSets.ts';
import { IMPORT_ANNOTATOR } from '../pairIdentity.ts';
import type { Viewer } from '../pairRows.ts';
import { Bits } from '../search/Bits.ts';
import { DuplicatePairs } from './DuplicatePairs.ts';
import { MetadataColumns, READ_IN_STEPS } from './MetadataColumns.ts';
import { ModelColumns } from './ModelColumns.ts';
import { ranksOf } from './order.ts';
import { PairColumns } from './PairColumns.ts';
import type { Part } from './Part.ts';
import { SeenPairs } from './SeenPairs.ts';
import { asksForLabels, SKIP, Standing, VERDICT_NUMBERS } from './Standing.ts';
import { languageCode, TextFacts } from './TextFacts.ts';
import { TextRanks } from './TextRanks.ts';

/** A number a pair by which it is ordered; 0 where nothing is known, or may be. */
export interface Keys {
  /** Changes with the keys. */
  readonly version: string;
  readonly keys: Uint32Array;
}
type Known = Map<string, Keys>;
/** A column that has keys: the order in which pairs came needs none. */
export type KeyColumn = Exclude<SortColumn, 'added'>;

/** Of a million pairs 4 MB each; an order that was made needs its keys no more. */
const REMEMBERED = 4;
/** Beside reading a number of each pair, for `Part`. */
const TEXTS_WEIGHT = 12;
/** How the table names verdicts: against the file's label, as it, without one, tie, both bad, skipped, imported only. */
const AGAINST = 1;
const AS_FILE = 2;
const OWN = 3;
const OTHERS: Readonly<Record<number, number>> = {
  [VERDICT_NUMBERS.tie]: 4,
  [VERDICT_NUMBERS.both_bad]: 5,
  [SKIP]: 6,
};
const IMPORTED = 7;
/** In `TextFacts.lengths`. */
const LENGTH_PLACES = { promptLength: 0, aLength: 1, bLength: 2 } as const;

/** Every column of the table in memory, by pair: read when it is first asked for. Lives in the process that reads. */
export class TableColumns {
  readonly #people;
  readonly #marks: MarkSets;
  readonly #pairs: PairColumns;
  readonly #standing: Standing;
  readonly model: ModelColumns;
  readonly metadata: MetadataColumns;
  readonly #facts: TextFacts;
  readonly #promptRanks: TextRanks;
  readonly #replyRanks: TextRanks;
  readonly #decidedBy;
  readonly #named;
  readonly #differing;
  readonly #flagged;
  readonly duplicates: DuplicatePairs;
  readonly #seen: SeenPairs;
  readonly #known: Known = new Map();
  last = 0;
  size = 0;

  constructor(database: Database, marks: MarkSets) {
    this.#marks = marks;
    this.#people = database.prepare<[], [number, string]>('SELECT id, name FROM annotators').raw();
    this.#pairs = new PairColumns(database);
    this.#standing = new Standing(database);
    this.model = new ModelColumns(database);
    this.metadata = new MetadataColumns(database);
    this.#decidedBy = database
      .prepare<[number], number>('SELECT pair_id FROM standing WHERE annotator_id = ?')
      .pluck();
    this.#named = database
      .prepare<[string], number>("SELECT id FROM annotators WHERE kind = 'import' AND name <> ?")
      .pluck();
    this.#differing = database
      .prepare<[string], number>(
        `SELECT pair_id FROM standing WHERE decision <> 'skip' AND annotator_id NOT IN
           (SELECT id FROM annotators WHERE kind = 'import' AND name = ?)
         GROUP BY pair_id HAVING count(DISTINCT decision) > 1`,
      )
      .pluck();
    this.#flagged = database
      .prepare<[], [pairId: number, annotatorId: number]>(
        `SELECT annotations.pair_id, annotations.annotator_id FROM annotations
         JOIN standing ON standing.annotation_id = annotations.id WHERE annotations.flag IS NOT NULL`,
      )
      .raw();
    this.duplicates = new DuplicatePairs(database);
    this.#seen = new SeenPairs(database);
    this.#facts = new TextFacts(database);
    this.#promptRanks = new TextRanks(database, 'stored_prompts');
    this.#replyRanks = new TextRanks(database, 'responses');
  }

  /** Before anything is asked: pairs up to `last`, in arrays of `size`. */
  at(last: number, size: number): void {
    this.last = last;
    this.size = size;
  }
  get pairs(): PairColumns {
    this.#pairs.refresh(this.last, this.size);
    return this.#pairs;
  }
  get standing(): Standing {
    this.#standing.refresh(this.last, this.size);
    return this.#standing;
  }

  get facts(): TextFacts {
    this.#facts.refresh(this.last, this.size);
    return this.#facts;
  }
  hasUntold(last: number): boolean {
    return this.#facts.hasUntold(last);
  }
  tellLanguagesBy(languageOf: (text: string) => string): void {
    this.#facts.languageOf = languageOf;
  }

  /** What has to be read before pairs are ordered by a column, if anything. */
  behindOrder(column: KeyColumn, viewer: Viewer): Part | null {
    return this.#first(this.#partsOfOrder(column, viewer));
  }
  /** The same before they are found by conditions. */
  behindFinding(where: Conditions, viewer: Viewer): Part | null {
    return this.#first(this.#partsOfFinding(where, viewer));
  }
  /** All that finding and ordering rest on; `column` is null for the order in which pairs came. */
  parts(where: Conditions, column: KeyColumn | null, viewer: Viewer): Part[] {
    const ordering = column === null ? [] : this.#partsOfOrder(column, viewer);
    return [...new Set([...this.#partsOfFinding(where, viewer), ...ordering])];
  }
  #first(parts: Iterable<Part>): Part | null {
    for (const part of parts) if (part.isBehind(this.last)) return part;
    return null;
  }

  *#partsOfOrder(column: KeyColumn, viewer: Viewer): Generator<Part> {
    const model = column === 'code' || column === 'margin';
    const verdicts = column === 'verdict' || column === 'by' || column === 'decided';
    const replies = column === 'a' || column === 'b';
    const field = column.startsWith('metadata:') ? column.slice('metadata:'.length) : null;
    if (field !== null) yield this.metadata.part(field);
    if (column === 'language' || column in LENGTH_PLACES) yield this.#facts;
    if (verdicts || (replies && !viewer.blind) || (viewer.blind && (model || field !== null)))
      yield this.#standing;
    if (column === 'prompt' || replies || column === 'source' || column === 'aspect' || column === 'code')
      yield this.#pairs;
    if (column === 'code') yield this.model.codes(this.#pairs);
    if (column === 'margin') yield this.model.margins;
    if (column === 'prompt') yield this.#textPart(this.#promptRanks, () => this.#pairs.lastPrompt);
    if (replies) yield this.#textPart(this.#replyRanks, () => this.#pairs.lastReply);
  }

  *#partsOfFinding(where: Conditions, viewer: Viewer): Generator<Part> {
    const { codes, margin, duplicates, lengths, languages, metadata } = where;
    if (asksForLabels(where) || (viewer.blind && (codes || margin || metadata))) yield this.#standing;
    if (codes) {
      yield this.#pairs;
      yield this.model.codes(this.#pairs);
    }
    if (margin) yield this.model.margins;
    if (duplicates) yield this.duplicates.part(duplicates);
    if (lengths || languages) yield this.#facts;
    const fields = metadata && metadata.length <= READ_IN_STEPS ? metadata : [];
    for (const { field } of fields) yield this.metadata.part(field);
  }

  #textPart(ranks: TextRanks, last: () => number): Part {
    return {
      weight: TEXTS_WEIGHT,
      isBehind: () => ranks.isBehind(last()),
      // Which texts there are is read before them.
      share: () => (last() === 0 ? 0 : ranks.share(last())),
      step: () => ranks.step(last()),
    };
  }

  /** Pairs as a set. */
  setOf(ids: Iterable<number>): Bits {
    const set = new Bits(this.size);
    for (const id of ids) if (id < this.size) set.add(id);
    return set;
  }
  /** What somebody has decided or skipped, whom a file names. */
  decidedInFile(annotatorId: number): Bits {
    return this.setOf(this.#decidedBy.iterate(annotatorId));
  }
  /** What somebody had on the desk or said anything of. */
  seenBy(annotatorId: number): Bits {
    return this.#seen.by(annotatorId, this.size);
  }
  /** Pairs on which people differ, those whom files name among them; null where files name nobody. */
  differing(): Bits | null {
    if (this.#named.get(IMPORT_ANNOTATOR) === undefined) return null;
    return this.setOf(this.#differing.iterate(IMPORT_ANNOTATOR));
  }

  /** Pairs that somebody flagged: all of them, and those of the person. */
  flagged(annotatorId: number | null): { readonly all: Bits; readonly own: Bits } {
    const flags = this.#flagged.all();
    return {
      all: this.setOf(flags.map(([pairId]) => pairId)),
      own: this.setOf(flags.flatMap(([pairId, by]) => (by === annotatorId ? [pairId] : []))),
    };
  }

  /** What a blind project keeps from someone who has yet to decide the pair. */
  isHidden({ annotatorId, blind }: Viewer): (pairId: number) => boolean {
    if (!blind) return () => false;
    const own = this.standing.of(annotatorId);
    return (pairId) => own[pairId] === 0 || own[pairId] === SKIP;
  }

  /** Changes with the keys. */
  keysVersion(column: KeyColumn, viewer: Viewer): string {
    return this.#maker(column, viewer).version;
  }
  keys(column: KeyColumn, viewer: Viewer): Keys {
    const { version, make } = this.#maker(column, viewer);
    const name = JSON.stringify([column, viewer]);
    const known = this.#known.get(name);
    if (known?.version === version) return known;
    const made = { version, keys: make() };
    this.#known.delete(name);
    if (this.#known.size >= REMEMBERED) this.#known.delete(this.#known.keys().next().value as string);
    this.#known.set(name, made);
    return made;
  }

  #maker(column: KeyColumn, viewer: Viewer): { version: string; make: () => Uint32Array } {
    const pairs = `${this.last}`;
    // What stands is read only for columns that say something of it.
    const labelled = () => `${pairs}:${this.standing.version}`;
    const seen = () => (viewer.blind ? labelled() : pairs);
    switch (column) {
      case 'prompt':
        return {
          version: pairs,
          make: () => this.#places(this.#promptRanks.upTo(this.pairs.lastPrompt), this.pairs.prompt),
        };
      case 'a':
      case 'b':
        return { version: viewer.blind ? pairs : labelled(), make: () => this.#replyKeys(column, viewer) };
      case 'source':
        return { version: pairs, make: () => this.pairs.sourceKeys() };
      case 'aspect':
        return { version: pairs, make: () => this.pairs.aspectKeys() };
      case 'verdict':
        return { version: labelled(), make: () => this.#verdictKeys(viewer) };
      case 'by':
        return { version: labelled(), make: () => this.#byKeys(viewer) };
      case 'decided':
        return { version: labelled(), make: () => this.#decidedKeys(viewer) };
      case 'code':
        return {
          version: `${seen()}:${this.model.version()}`,
          make: () => this.#unhidden(this.model.codeKeys(this.pairs), viewer),
        };
      case 'margin':
        return {
          version: `${seen()}:${this.model.version()}`,
          make: () => this.#unhidden(this.model.marginKeys(this.last, this.size), viewer),
        };
      case 'tags':
        return { version: `${pairs}:${JSON.stringify(this.#marks.tags())}`, make: () => this.#tagKeys() };
      case 'language':
        return { version: `${pairs}:${this.#facts.version()}`, make: () => this.#languageKeys() };
      case 'promptLength':
      case 'aLength':
      case 'bLength':
        return { version: pairs, make: () => this.#lengthKeys(LENGTH_PLACES[column]) };
      default: {
        const field = column.slice('metadata:'.length);
        return {
          version: seen(),
          make: () => this.#unhidden(this.metadata.keys(field, this.last, this.size), viewer),
        };
      }
    }
  }

  /** The verdict that the table shows of a pair, and whose: an own one, else what another person said last. */
  shownVerdict(viewer: Viewer): (pairId: number) => number {
    const { people, latestBy } = this.standing;
    const own = this.standing.of(viewer.annotatorId);
    const hidden = this.isHidden(viewer);
    return (pairId) => {
      const mine = own[pairId] as number;
      if (mine !== 0 || hidden(pairId)) return mine;
      return people.get(latestBy[pairId] as number)?.[pairId] ?? 0;
    };
  }

  /** The file's label as far as it may be seen. */
  shownImported(viewer: Viewer): (pairId: number) => number {
    const hidden = this.isHidden(viewer);
    return (pairId) => (hidden(pairId) ? 0 : (this.standing.imported[pairId] as number));
  }

  #filled(key: (pairId: number) => number): Uint32Array {
    const keys = new Uint32Array(this.size);
    for (let pairId = 1; pairId <= this.last; pairId++) keys[pairId] = key(pairId);
    return keys;
  }
  #places(places: Uint32Array, ids: Uint32Array): Uint32Array {
    return this.#filled((pairId) => places[ids[pairId] as number] as number);
  }
  #unhidden(keys: Uint32Array, viewer: Viewer): Uint32Array {
    if (!viewer.blind) return keys;
    const hidden = this.isHidden(viewer);
    return this.#filled((pairId) => (hidden(pairId) ? 0 : (keys[pairId] as number)));
  }

  /** In a project that is not blind the preferred reply stands first. */
  #replyKeys(column: 'a' | 'b', viewer: Viewer): Uint32Array {
    const places = this.#replyRanks.upTo(this.pairs.lastReply);
    const { a, b } = this.pairs;
    const [here, other] = column === 'a' ? [a, b] : [b, a];
    if (viewer.blind) return this.#places(places, here);
    const verdict = this.shownVerdict(viewer);
    const imported = this.shownImported(viewer);
    return this.#filled((pairId) => {
      const decided = verdict(pairId);
      const label = decided === 0 || decided === SKIP ? imported(pairId) : decided;
      return places[(label === VERDICT_NUMBERS.b ? other : here)[pairId] as number] as number;
    });
  }

  #verdictKeys(viewer: Viewer): Uint32Array {
    const shown = this.shownVerdict(viewer);
    const imported = this.shownImported(viewer);
    return this.#filled((pairId) => {
      const verdict = shown(pairId);
      const label = imported(pairId);
      if (verdict === 0) return label === 0 ? 0 : IMPORTED;
      return OTHERS[verdict] ?? (label === 0 ? OWN : verdict === label ? AS_FILE : AGAINST);
    });
  }

  #byKeys(viewer: Viewer): Uint32Array {
    const names = new Map(this.#people.all());
    const ranks = ranksOf(names.values());
    const places = new Map([...names].map(([id, name]) => [id, ranks.get(name) as number]));
    const own = this.standing.of(viewer.annotatorId);
    const shown = this.shownVerdict(viewer);
    const imported = this.shownImported(viewer);
    const file = names.size + 1;
    return this.#filled((pairId) => {
      if (shown(pairId) === 0) return imported(pairId) === 0 ? 0 : file;
      const by = own[pairId] === 0 ? (this.standing.latestBy[pairId] as number) : viewer.annotatorId;
      return places.get(by as number) ?? 0;
    });
  }

  /** When a person decided last. */
  #decidedKeys(viewer: Viewer): Uint32Array {
    return this.#unhidden(this.standing.latest, viewer);
  }

  #lengthKeys(place: number): Uint32Array {
    const { lengths } = this.facts;
    return this.#filled((pairId) => (lengths[3 * pairId + place] as number) + 1);
  }

  #languageKeys(): Uint32Array {
    const { languages } = this.facts;
    const nameOf = (number: number): string | null => {
      const code = languageCode(number);
      return code === null ? null : languageName(code);
    };
    const ranks = ranksOf([...new Set(languages)].map((number) => nameOf(number) ?? ''));
    const places = new Uint32Array(65_536);
    for (const number of new Set(languages)) {
      const name = nameOf(number);
      if (name !== null) places[number] = ranks.get(name) as number;
    }
    return this.#filled((pairId) => places[languages[pairId] as number] as number);
  }

  measures(): (pairId: number) => Measures {
    const { lengths, languages } = this.facts;
    return (pairId) => ({
      prompt: lengths[3 * pairId] as number,
      a: lengths[3 * pairId + 1] as number,
      b: lengths[3 * pairId + 2] as number,
      language: languageCode(languages[pairId] as number),
    });
  }

  /** Languages of the pairs of a set, most first. */
  languageCounts(of: Uint32Array): { code: string; pairs: number }[] {
    const { languages } = this.facts;
    const counts = new Map<number, number>();
    for (const pairId of of) {
      const number = languages[pairId] as number;
      counts.set(number, (counts.get(number) ?? 0) + 1);
    }
    return [...counts]
      .flatMap(([number, pairs]) => {
        const code = languageCode(number);
        return code === null ? [] : [{ code, pairs }];
      })
      .sort((one, other) => other.pairs - one.pairs);
  }

  #tagKeys(): Uint32Array {
    const keys = new Uint32Array(this.size);
    for (const [index, { id }] of [...this.#marks.tags().entries()].reverse()) {
      const bits = this.#marks.of(id, this.size);
      for (const pairId of bits.toIds()) keys[pairId] = index + 1;
    }
    return keys;
  }
}
