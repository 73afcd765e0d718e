import type { Verdict } from '#core/preference.ts';
import type { Conditions } from '#shared/library.ts';
import type { Database } from '../database.ts';
import { grown } from './order.ts';
import { type Part, readAll } from './Part.ts';

/** Verdicts as small numbers; 0: none. */
export const VERDICT_NUMBERS: Readonly<Record<Verdict, number>> = {
  a: 1,
  b: 2,
  tie: 3,
  both_bad: 4,
  skip: 5,
};
export const SKIP = VERDICT_NUMBERS.skip;

const NUMBER = `CASE decision ${Object.entries(VERDICT_NUMBERS)
  .map(([verdict, number]) => `WHEN '${verdict}' THEN ${number}`)
  .join(' ')} END`;

type Row = readonly [pairId: number, annotatorId: number, annotationId: number, decision: number];

const WITHOUT_LABELS: ReadonlySet<string> = new Set<keyof Conditions>([
  ...(['shown', 'tags', 'duplicates', 'codes', 'margin', 'lengths', 'languages', 'metadata'] as const),
]);
/** Whether what stands tells which pairs meet the conditions: on a million pairs it is not read for nothing. */
export const asksForLabels = (conditions: Conditions): boolean =>
  Object.keys(conditions).some((name) => !WITHOUT_LABELS.has(name));

/** Pairs that a step reads. */
const PAIRS = 5000;

/** What stands on every pair, by pair: kept up to date from the log of annotations. Lives in the process that reads. */
export class Standing implements Part {
  readonly #importers;
  readonly #last;
  readonly #changed;
  readonly #ofNew;
  readonly #ofOne;
  #upTo = 0;
  #seen = 0;
  #files = new Set<number>();
  /** Changes with what stands. */
  version = 0;
  /** The file's label of each pair. */
  imported: Uint8Array = new Uint8Array(0);
  readonly people = new Map<number, Uint8Array>();
  /** The annotation of a person that came last, and whose it is. */
  latest: Uint32Array = new Uint32Array(0);
  latestBy: Uint32Array = new Uint32Array(0);

  constructor(database: Database) {
    this.#importers = database.prepare<[], number>("SELECT id FROM annotators WHERE kind = 'import'").pluck();
    this.#last = database.prepare<[], number>('SELECT coalesce(max(id), 0) FROM annotations').pluck();
    this.#changed = database
      .prepare<[number, number], number>(
        'SELECT DISTINCT pair_id FROM annotations WHERE id > ? AND pair_id <= ?',
      )
      .pluck();
    const select = `SELECT pair_id, annotator_id, annotation_id, ${NUMBER} FROM standing`;
    this.#ofNew = database
      .prepare<[number, number], Row>(`${select} WHERE pair_id > ? AND pair_id <= ?`)
      .raw();
    this.#ofOne = database.prepare<[number], Row>(`${select} WHERE pair_id = ?`).raw();
  }

  /** Verdicts of a person, by pair. */
  of(annotatorId: number | null): Uint8Array {
    const known = annotatorId === null ? undefined : this.people.get(annotatorId);
    return known ?? new Uint8Array(this.imported.length);
  }

  /** Takes in what changed of the pairs up to `last`. */
  refresh(last: number, size: number): void {
    readAll(this, last, size);
    const seen = this.#last.get() as number;
    if (seen === this.#seen && this.imported.length >= size) return;
    this.#follow(seen, size);
  }
  readonly weight = 1;
  isBehind(last: number): boolean {
    return last > this.#upTo;
  }
  share(last: number): number {
    return Math.min(1, this.#upTo / last);
  }
  step(last: number, size: number): void {
    const seen = this.#last.get() as number;
    // What is written from now on is read again.
    if (this.#upTo === 0) this.#seen = seen;
    this.#follow(seen, size);
    const to = Math.min(last, this.#upTo + PAIRS);
    for (const row of this.#ofNew.iterate(this.#upTo, to)) this.#put(row);
    this.#upTo = to;
    this.version += 1;
  }

  /** Takes in what changed of the pairs that were read. */
  #follow(seen: number, size: number): void {
    this.#files = new Set(this.#importers.all());
    this.#makeRoom(size);
    const changed = this.#seen === seen ? [] : this.#changed.all(this.#seen, this.#upTo);
    for (const pairId of changed) this.#readAgain(pairId);
    if (changed.length > 0) this.version += 1;
    this.#seen = seen;
  }

  #makeRoom(size: number): void {
    this.imported = grown(this.imported, size);
    this.latest = grown(this.latest, size);
    this.latestBy = grown(this.latestBy, size);
    for (const [id, verdicts] of this.people) this.people.set(id, grown(verdicts, size));
  }

  #readAgain(pairId: number): void {
    this.imported[pairId] = 0;
    this.latest[pairId] = 0;
    this.latestBy[pairId] = 0;
    for (const verdicts of this.people.values()) verdicts[pairId] = 0;
    for (const row of this.#ofOne.all(pairId)) this.#put(row);
  }

  #put([pairId, annotatorId, annotationId, decision]: Row): void {
    if (this.#files.has(annotatorId)) {
      this.imported[pairId] = decision;
      return;
    }
    const verdicts = this.people.get(annotatorId) ?? new Uint8Array(this.imported.length);
    verdicts[pairId] = decision;
    this.people.set(annotatorId, verdicts);
    if (annotationId < (this.latest[pairId] as number)) return;
    this.latest[pairId] = annotationId;
    this.latestBy[pairId] = annotatorId;
  }
}
