import type { Database } from '../database.ts';
import { grown } from '../table/order.ts';

/** Pairs read in one go: some milliseconds. */
const PAIRS = 10_000;
const ROWS = `SELECT pair_id, sum(times), sum(times * times) FROM (
  SELECT pair_id, count(*) AS times FROM standing WHERE decision <> 'skip'`;

type Row = readonly [pairId: number, labels: number, squares: number];

/**
 * Of each pair, by its id: how many labels stand on it, and the sum of squares of how often each occurs. Followed from the
 * log of annotations.
 */
export class LabelTallies {
  readonly #last;
  readonly #changed;
  readonly #ofNew;
  readonly #ofOne;
  #upTo = 0;
  #seen = 0;
  labels: Uint16Array = new Uint16Array(0);
  squares: Uint32Array = new Uint32Array(0);

  constructor(database: Database) {
    this.#last = database.prepare<[], number>('SELECT coalesce(max(id), 0) FROM annotations').pluck();
    this.#changed = database
      .prepare<[number, number], number>(
        'SELECT DISTINCT pair_id FROM annotations WHERE id > ? AND pair_id <= ?',
      )
      .pluck();
    this.#ofNew = database
      .prepare<[number, number], Row>(
        `${ROWS} AND pair_id > ? AND pair_id <= ? GROUP BY pair_id, decision) GROUP BY pair_id`,
      )
      .raw();
    this.#ofOne = database
      .prepare<[number], Row>(`${ROWS} AND pair_id = ? GROUP BY pair_id, decision) GROUP BY pair_id`)
      .raw();
  }

  isBehind(last: number): boolean {
    return last > this.#upTo;
  }

  /** Takes some milliseconds. */
  step(last: number, size: number): void {
    const seen = this.#last.get() as number;
    // What is written from now on is read again.
    if (this.#upTo === 0) this.#seen = seen;
    this.#follow(seen, size);
    const to = Math.min(last, this.#upTo + PAIRS);
    for (const row of this.#ofNew.all(this.#upTo, to)) this.#put(row);
    this.#upTo = to;
  }

  /** Takes in what changed, and the pairs up to `last`. */
  refresh(last: number, size: number): void {
    while (this.isBehind(last)) this.step(last, size);
    this.#follow(this.#last.get() as number, size);
  }

  #follow(seen: number, size: number): void {
    this.labels = grown(this.labels, size);
    this.squares = grown(this.squares, size);
    if (seen === this.#seen) return;
    for (const pairId of this.#changed.all(this.#seen, this.#upTo)) {
      this.labels[pairId] = 0;
      this.squares[pairId] = 0;
      const row = this.#ofOne.get(pairId);
      if (row) this.#put(row);
    }
    this.#seen = seen;
  }

  #put([pairId, labels, squares]: Row): void {
    this.labels[pairId] = labels;
    this.squares[pairId] = squares;
  }
}
