import type { ImportRules } from '#shared/importEntities.ts';
import { WaitingRows } from '../data/waitingRows.ts';
import type { ParsedRow } from './json/parseRow.ts';
import { parseExact } from './json/rawJson.ts';
import { MOST_REPLIES, readScoredReplies, type ScoredReply, scoredReply } from './scoredReplies.ts';
import type { RowOutcome } from './types.ts';

export interface RowRead {
  /** Where it begins. */
  readonly row: number;
  /** Rows that were read as one: a reply each, to one prompt. */
  readonly count: number;
  readonly outcome: RowOutcome;
}

/**
 * Rows that are read one by one, but for those of one scored reply each: the others to their prompt may stand anywhere, so
 * they wait on the disk until the file is read.
 */
export class RowReading {
  readonly #read: (value: unknown) => RowOutcome;
  readonly #rules: () => ImportRules | null;
  readonly #waiting = new WaitingRows();

  /** `rules` of the replies that wait; null where none do. */
  constructor(read: (value: unknown) => RowOutcome, rules: () => ImportRules | null) {
    this.#read = read;
    this.#rules = rules;
  }

  *take(record: ParsedRow): Generator<RowRead> {
    const { row } = record;
    const outcome: RowOutcome =
      'value' in record ? this.#read(record.value) : { ok: false, problem: record.problem };
    const rules = this.#rules();
    const reply =
      outcome.ok || rules === null || !('value' in record) ? null : scoredReply(record.value, rules);
    if (reply) this.#waiting.add(reply.key, { row, text: JSON.stringify(reply.value) });
    else yield { row, count: 1, outcome };
  }

  /** What waited, in batches of about so many rows. */
  *waiting(batchRows: number): Generator<RowRead[]> {
    const rules = this.#rules() ?? {};
    let batch: RowRead[] = [];
    let rows = 0;
    for (const { rows: found, count } of this.#waiting.groups(MOST_REPLIES)) {
      const replies = found.map(({ row, text }) => ({
        row,
        ...(scoredReply(parseExact(text), rules) as ScoredReply),
      }));
      batch.push(...readScoredReplies(replies, count, rules));
      rows += count;
      if (rows < batchRows) continue;
      yield batch;
      [batch, rows] = [[], 0];
    }
    if (batch.length > 0) yield batch;
  }

  close(): void {
    this.#waiting.close();
  }
}
