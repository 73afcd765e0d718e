import type { ImportCounts } from '#shared/importEntities.ts';
import { standingOf } from '../data/ownLog.ts';
import type { Conflict } from '../data/pairIdentity.ts';
import type { AddOutcome } from '../data/pairWriter.ts';
import { Problems } from './Problems.ts';
import type { FieldReading, ImportedItem, RowOutcome } from './types.ts';

const SAID: Readonly<Record<string, string>> = {
  a: 'prefers the first stored reply',
  b: 'prefers the second stored reply',
  tie: 'finds both alike',
  both_bad: 'finds both bad',
  skip: 'skipped it',
};

const isSame = (one: readonly FieldReading[], other: readonly FieldReading[]): boolean =>
  one === other ||
  (one.length === other.length &&
    one.every(({ part, field }, at) => part === other[at]?.part && field === other[at]?.field));

/** What became of the rows of one file: the same for a preview and for an import. */
export class Tally {
  readonly problems = new Problems();
  readonly counts: ImportCounts = {
    rows: 0,
    added: 0,
    unlabelled: 0,
    ties: 0,
    bothBad: 0,
    joined: 0,
    singles: 0,
    alreadyThere: 0,
    conflicts: 0,
    refused: 0,
  };
  readonly #shapes = new Map<string, number>();
  #lastReadings: readonly FieldReading[] = [];
  readonly #readings = new Map<string, FieldReading>();
  readonly #metadata = new Set<string>();

  /** Takes note of a row; gives its items, none where it was refused. */
  row(row: number, outcome: RowOutcome): readonly ImportedItem[] {
    this.counts.rows += 1;
    if (!outcome.ok) {
      this.counts.refused += 1;
      this.problems.add(row, outcome.problem);
      return [];
    }
    this.#shapes.set(outcome.shape, (this.#shapes.get(outcome.shape) ?? 0) + 1);
    // Nearly every row is read as the one before.
    if (!isSame(outcome.readings, this.#lastReadings)) {
      for (const reading of outcome.readings) this.#readings.set(`${reading.part} ${reading.field}`, reading);
      this.#lastReadings = outcome.readings;
    }
    for (const { metadata } of outcome.items) for (const field in metadata) this.#metadata.add(field);
    return outcome.items;
  }

  pair(
    row: number,
    item: Extract<ImportedItem, { kind: 'pair' }>,
    outcome: AddOutcome,
    conflict: Conflict | null,
  ): void {
    const { counts } = this;
    if (outcome === 'added') {
      counts.added += 1;
      const verdict = item.history ? standingOf(item.history)[0]?.verdict : item.verdicts[0]?.verdict;
      if (!verdict) counts.unlabelled += 1;
      else if (verdict === 'tie') counts.ties += 1;
      else if (verdict === 'both_bad') counts.bothBad += 1;
    } else if (outcome === 'joined') counts.joined += 1;
    else if (outcome === 'duplicate') counts.alreadyThere += 1;
    else counts.conflicts += 1;
    if (!conflict) return;
    const reason = `this pair is there already, and its label by ${conflict.annotator} ${SAID[conflict.standing] ?? conflict.standing}, while this row ${SAID[conflict.verdict]}; the first label stays`;
    this.problems.add(row, { field: null, reason });
  }

  single(outcome: 'added' | 'duplicate' | 'conflict', row: number): void {
    if (outcome === 'added') this.counts.singles += 1;
    else if (outcome === 'duplicate') this.counts.alreadyThere += 1;
    else {
      this.counts.conflicts += 1;
      this.problems.add(row, {
        field: null,
        reason: 'this reply is there already with the other label; the first label stays',
      });
    }
  }

  get shape(): string {
    return [...this.#shapes].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 'unknown';
  }
  get readings(): FieldReading[] {
    return [...this.#readings.values()];
  }
  get metadataFields(): string[] {
    return [...this.#metadata].filter(
      (field) => ![...this.#readings.values()].some((known) => known.field === field),
    );
  }
}
