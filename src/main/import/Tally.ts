import type { Decision } from '#core/preference.ts';
import type { TurnsOfTwo } from '#core/replyTurns.ts';
import type { ImportCounts } from '#shared/importEntities.ts';
import { orderedReplies, responseHash } from '../data/hashes.ts';
import { standingOf } from '../data/ownLog.ts';
import type { Conflict } from '../data/pairIdentity.ts';
import type { AddOutcome } from '../data/pairWriter.ts';
import { Problems } from './Problems.ts';
import type { RowRead } from './RowReading.ts';
import type { FieldReading, ImportedItem } from './types.ts';

const SHOWN_CHARACTERS = 60;
const shown = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS).toWellFormed()}…` : line;
};

/** A stored verdict in words that name the reply by how it begins. */
function sayingOf(
  verdict: Decision,
  [first, second]: readonly [string, string],
  turns: TurnsOfTwo | undefined,
): string {
  const hashes = [responseHash(first, turns?.[0]), responseHash(second, turns?.[1])] as const;
  const isFirstA = orderedReplies(hashes)[0] === hashes[0];
  if (verdict === 'tie') return 'finds both alike';
  if (verdict === 'both_bad') return 'finds both bad';
  if (verdict !== 'a' && verdict !== 'b') return 'skipped it';
  return `prefers “${shown((verdict === 'a') === isFirstA ? first : second)}”`;
}

const isSame = (one: readonly FieldReading[], other: readonly FieldReading[]): boolean =>
  one === other ||
  (one.length === other.length &&
    one.every(({ part, field }, at) => part === other[at]?.part && field === other[at]?.field));

const ROW_COUNTS = {
  added: 'addedRows',
  joined: 'joined',
  duplicate: 'alreadyThere',
  conflict: 'conflicts',
} as const;
const WEIGHTS = { duplicate: 0, joined: 1, added: 2, conflict: 3 } as const;

/** Its line, which rows that stand on one line share, and its place among all rows. */
export interface RowPlace {
  readonly row: number;
  readonly place: number;
  /** Rows of the file that were read as one. */
  readonly count: number;
}

/** What became of the rows of one file: the same for a preview and for an import. */
export class Tally {
  readonly problems = new Problems();
  readonly counts: ImportCounts = {
    rows: 0,
    added: 0,
    addedRows: 0,
    unlabelled: 0,
    ties: 0,
    bothBad: 0,
    joined: 0,
    singles: 0,
    alreadyThere: 0,
    conflicts: 0,
    refused: 0,
  };
  #lastItem: { readonly place: number; readonly outcome: AddOutcome } | null = null;
  readonly #shapes = new Map<string, number>();
  #lastReadings: readonly FieldReading[] = [];
  readonly #readings = new Map<string, FieldReading>();
  readonly #metadata = new Set<string>();

  /** Rows of several pairs count once: as what weighs most of what became of their pairs. */
  #item({ place, count }: RowPlace, outcome: AddOutcome): void {
    const before = this.#lastItem?.place === place ? this.#lastItem.outcome : null;
    if (before !== null && WEIGHTS[before] >= WEIGHTS[outcome]) return;
    if (before !== null) this.counts[ROW_COUNTS[before]] -= count;
    this.counts[ROW_COUNTS[outcome]] += count;
    this.#lastItem = { place, outcome };
  }

  /** Takes note of what was read as one, whose place is then `counts.rows`; gives its items, none where it was refused. */
  row({ row, count, outcome }: RowRead): readonly ImportedItem[] {
    this.counts.rows += count;
    if (!outcome.ok) {
      this.counts.refused += count;
      this.problems.add(row, outcome.problem);
      return [];
    }
    this.#shapes.set(outcome.shape, (this.#shapes.get(outcome.shape) ?? 0) + count);
    // Nearly every row is read as the one before.
    if (!isSame(outcome.readings, this.#lastReadings)) {
      for (const reading of outcome.readings) this.#readings.set(`${reading.part} ${reading.field}`, reading);
      this.#lastReadings = outcome.readings;
    }
    for (const { metadata } of outcome.items) for (const field in metadata) this.#metadata.add(field);
    return outcome.items;
  }

  pair(
    at: RowPlace,
    item: Extract<ImportedItem, { kind: 'pair' }>,
    outcome: AddOutcome,
    conflict: Conflict | null,
  ): void {
    const { counts } = this;
    this.#item(at, outcome);
    if (outcome === 'added') {
      counts.added += 1;
      const verdict = item.history ? standingOf(item.history)[0]?.verdict : item.verdicts[0]?.verdict;
      if (!verdict) counts.unlabelled += 1;
      else if (verdict === 'tie') counts.ties += 1;
      else if (verdict === 'both_bad') counts.bothBad += 1;
    }
    if (!conflict) return;
    const [stands, says] = [conflict.standing, conflict.verdict].map((given) =>
      sayingOf(given, item.replies, item.turns),
    );
    const reason = `this pair is there already, and its label by ${conflict.annotator} ${stands}, while this row ${says}; the first label stays`;
    this.problems.add(at.row, { field: null, reason });
  }

  single(outcome: 'added' | 'duplicate' | 'conflict', at: RowPlace): void {
    if (outcome === 'added') this.counts.singles += 1;
    else {
      this.#item(at, outcome);
      if (outcome === 'duplicate') return;
      this.problems.add(at.row, {
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
