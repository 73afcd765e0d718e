import type { Database } from '../data/database.ts';
import { copyLog, inTransaction, syncLog } from '../data/transaction.ts';

/** The turn to write, shared with everybody else who writes. */
export interface Turns {
  /** Runs `change` while nobody else writes. */
  take<T>(change: () => T): Promise<T>;
  /** Whether this turn should end: somebody waits for it, or may well. */
  isAwaited(): boolean;
}

export interface Slice<Row> {
  /** In the longest slice: its commit takes a few milliseconds. */
  readonly rows: number;
  /** Rows between two looks at who waits: a fraction of a millisecond. */
  readonly lookRows: number;
  write(row: Row): void;
  /** At the end of a slice, in its transaction. */
  end?(): void;
}

/** In whole slices. Outside of any turn: nobody waits while the log is copied into the file. */
const SLICES_PER_CHECKPOINT = 8;

/** Writes queued rows in short transactions, each in a turn of its own, which ends as soon as somebody waits for it. */
export class SliceWriter<Row> {
  readonly #database: Database;
  readonly #turns: Turns;
  readonly #slice: Slice<Row>;
  #queue: Row[] = [];
  #sinceCheckpoint = 0;
  /** Gives what the sync failed with, or null. */
  #syncing: Promise<unknown> = Promise.resolve(null);

  constructor(database: Database, turns: Turns, slice: Slice<Row>) {
    this.#database = database;
    this.#turns = turns;
    this.#slice = slice;
  }

  /** Takes rows, and writes what makes a whole slice. */
  async add(rows: readonly Row[]): Promise<void> {
    for (const row of rows) this.#queue.push(row);
    if (this.#queue.length >= this.#slice.rows) await this.flush();
  }

  /** Writes all that waits. */
  async flush(): Promise<void> {
    let written = 0;
    while (written < this.#queue.length) {
      // Whoever saves a verdict waits for what lies unsynced before it in the log: one slice at most.
      await this.#synced();
      const next = await this.#turns.take(() => this.#writeSlice(written));
      this.#sinceCheckpoint += next - written;
      written = next;
      if (this.#sinceCheckpoint >= SLICES_PER_CHECKPOINT * this.#slice.rows) {
        copyLog(this.#database);
        this.#sinceCheckpoint = 0;
      } else
        this.#syncing = syncLog(this.#database).then(
          () => null,
          (error: unknown) => error,
        );
    }
    this.#queue = [];
    await this.#synced();
  }

  async #synced(): Promise<void> {
    const failure = await this.#syncing;
    if (failure !== null) throw failure;
  }

  #writeSlice(from: number): number {
    const { rows, lookRows, write, end: endSlice } = this.#slice;
    const end = Math.min(from + rows, this.#queue.length);
    let next = from;
    inTransaction(this.#database, () => {
      do {
        write(this.#queue[next] as Row);
        next += 1;
      } while (next < end && (next % lookRows !== 0 || !this.#turns.isAwaited()));
      endSlice?.();
    });
    return next;
  }
}
