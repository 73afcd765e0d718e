import type { Database } from '../data/database.ts';
import { copyLog, inTransaction } from '../data/transaction.ts';

/** Runs `change` while nobody else writes. */
export type Turn = <T>(change: () => T) => Promise<T>;

/** How long a person's verdict may wait for an import: one slice. */
const SLICE_MS = 4;
/** Outside of any turn: nobody waits while the log is copied into the file. */
const SLICES_PER_CHECKPOINT = 64;
/** Rows between two looks at the clock. */
const CLOCK_ROWS = 8;

/** Writes queued rows in transactions of a few milliseconds, each in a turn of its own. */
export class SliceWriter<Row> {
  readonly #database: Database;
  readonly #turn: Turn;
  readonly #write: (row: Row) => void;
  #queue: Row[] = [];
  #slices = 0;

  constructor(database: Database, turn: Turn, write: (row: Row) => void) {
    this.#database = database;
    this.#turn = turn;
    this.#write = write;
  }

  /** Takes rows, and writes until few are waiting. */
  async add(rows: readonly Row[]): Promise<void> {
    for (const row of rows) this.#queue.push(row);
    await this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    let written = 0;
    while (written < this.#queue.length) {
      written = await this.#turn(() => this.#slice(written));
      this.#slices += 1;
      if (this.#slices % SLICES_PER_CHECKPOINT === 0) copyLog(this.#database);
    }
    this.#queue = [];
  }

  #slice(from: number): number {
    const until = performance.now() + SLICE_MS;
    let next = from;
    inTransaction(this.#database, () => {
      while (next < this.#queue.length && (next % CLOCK_ROWS !== 0 || performance.now() < until)) {
        this.#write(this.#queue[next] as Row);
        next += 1;
      }
    });
    return next;
  }
}
