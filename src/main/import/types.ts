import type { Message } from '#core/preference.ts';
import type { ReplyTurns, TurnsOfTwo } from '#core/replyTurns.ts';
import type { HistoryRow } from '../data/exportRows.ts';
import type { StoredGuidelines } from '../data/guidelineTable.ts';
import type { PairMarks } from '../data/pairMarks.ts';
import type { RatingEntry } from '../data/ratingLog.ts';
import type { NewSet } from '../data/replySets.ts';
import { isRawNumber } from './json/rawJson.ts';

/** What one person, or the file itself, says of two replies in the row's order. */
export type RowVerdict = 'first' | 'second' | 'tie' | 'both_bad';
export interface ImportedVerdict {
  /** Null: the file does not say whose it is. */
  readonly annotator: string | null;
  readonly verdict: RowVerdict;
  /** How much better the preferred reply is, on the file's own scale. */
  readonly strength?: number | null;
}
interface ItemBase {
  readonly messages: readonly Message[];
  /** The row's own source name, aspect and id, where it has them. */
  readonly source: string | null;
  readonly aspect: string | null;
  readonly itemId: string | null;
  /** Columns that became no part of the pair, as they stand in the row. */
  readonly metadata: JsonObject | null;
  /** Where Facet had it from, of rows that it wrote. */
  readonly origin?: { readonly file: string; readonly format: string; readonly row: number } | undefined;
}
export interface ImportedPair extends ItemBase {
  readonly kind: 'pair';
  readonly replies: readonly [string, string];
  /** Where a reply is more than its text. */
  readonly turns?: TurnsOfTwo | undefined;
  /** Empty: nobody has decided it yet. */
  readonly verdicts: readonly ImportedVerdict[];
  /** Of a pair that Facet wrote: every decision, by the stored keys of the replies. */
  readonly history?: readonly HistoryRow[] | undefined;
  /** Of a pair that Facet wrote: tags, and whether it was excluded or sent to the head of the queue. */
  readonly marks?: PairMarks | undefined;
  /** Of replies that are ranked together: the sets that it is a pair of. */
  readonly sets?: readonly NewSet[] | undefined;
  /** Of the first pair of a file that Facet wrote: the guidelines that its verdicts name. */
  readonly guidelines?: readonly StoredGuidelines[] | undefined;
  /** Of a pair that Facet wrote: every rating of its replies. */
  readonly ratings?: readonly RatingEntry[] | undefined;
}
/** One reply with a label of its own, as KTO trains on. */
export interface ImportedSingle extends ItemBase {
  readonly kind: 'single';
  readonly reply: string;
  readonly turns?: ReplyTurns | undefined;
  readonly desirable: boolean;
}
export type ImportedItem = ImportedPair | ImportedSingle;

export interface RowProblem {
  readonly field: string | null;
  readonly reason: string;
}
/** Where a part of the row was read from, for the person who looks before importing. */
export interface FieldReading {
  readonly part: string;
  readonly field: string;
}
export type RowOutcome =
  | {
      readonly ok: true;
      readonly shape: string;
      readonly items: readonly ImportedItem[];
      readonly readings: readonly FieldReading[];
    }
  | { readonly ok: false; readonly problem: RowProblem };

/** Thrown inside the readers of one row, and turned into a `RowProblem` at its edge. */
export class UnreadableRow extends Error {
  readonly problem: RowProblem;
  constructor(field: string | null, reason: string) {
    super(reason);
    this.problem = { field, reason };
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawNumber(value);
export const isText = (value: unknown): value is string => typeof value === 'string';
/** Null, an empty text and an empty list say that there is nothing. */
export const isAbsent = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0);

/** What a value is, in a person's words. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (isRawNumber(value)) return 'a number';
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
}

/** An id as it is written; numbers beyond what JavaScript holds too. */
export function idText(value: unknown): string | null {
  if (isText(value)) return value === '' ? null : value;
  if (typeof value === 'number') return String(value);
  if (isRawNumber(value)) return JSON.stringify(value);
  // MongoDB's ids.
  return isObject(value) && isText(value.$oid) ? value.$oid : null;
}
