import { FacetError, type Failure } from '#core/result.ts';
import type { Database } from './database.ts';
import { inSyncedTransaction, LOCKED, unlessLocked } from './transaction.ts';

/** How long a turn of a long task may last while nobody else writes, and while somebody does. */
const ALONE_MS = 15;
const SHARED_MS = 1;
/** Whoever wrote this lately is likely to write again. */
const LATELY_MS = 20_000;

/**
 * One writer at a time, in order. An import, in a process and on a connection of its own, takes a turn for each slice of
 * its rows and ends it soon; a person's label waits for a few rows at most.
 */
export class Writer {
  #tail: Promise<void> = Promise.resolve();
  /** How many wait for their turn, in memory that the thread of a long task sees: it ends its slice for them. */
  readonly waiting = new Int32Array(new SharedArrayBuffer(4));
  #holders = 0;
  #refusal: FacetError | null = null;
  /** Whether the turn is with a task that writes through a connection of its own. */
  #isLent = false;
  /** When somebody last gave a turn back, as `Date.now` says it. */
  lastUseMs = 0;
  #lastWriteMs = Number.NEGATIVE_INFINITY;

  /** Whether whoever asks now has to wait. */
  get isBusy(): boolean {
    return this.#holders > 0;
  }

  /** How long a task that doesn't see who waits may keep a turn. */
  sharedTurnMs(): number {
    return this.#holders > 1 || performance.now() - this.#lastWriteMs < LATELY_MS ? SHARED_MS : ALONE_MS;
  }

  /** From now on nobody gets a turn: what is damaged must not be written to. */
  refuse(failure: Failure): void {
    this.#refusal = new FacetError(failure);
  }

  /** Resolves with the function that gives the turn back. Throws what `refuse` was given. */
  async hold(): Promise<() => void> {
    if (this.#refusal) throw this.#refusal;
    return this.holdLast();
  }

  /** The same for a task that writes in transactions through a connection of its own. */
  async lend(): Promise<() => void> {
    const release = await this.hold();
    this.#isLent = true;
    return () => {
      this.#isLent = false;
      release();
    };
  }

  /** The same for whoever closes the project, which nothing refuses. */
  async holdLast(): Promise<() => void> {
    const before = this.#tail;
    let release: () => void = () => undefined;
    this.#tail = new Promise((resolve) => {
      release = () => {
        this.#holders -= 1;
        this.lastUseMs = Date.now();
        resolve();
      };
    });
    Atomics.add(this.waiting, 0, 1);
    this.#holders += 1;
    await before;
    Atomics.sub(this.waiting, 0, 1);
    return release;
  }

  /**
   * Runs `change` in one transaction that is on the disk when this resolves: at once where nobody waits and the turn is lent to a task that is not within a transaction
   * of its own just now, else in turn. For what such a task doesn't rest on, a verdict: it may come between any two of its statements.
   */
  async writeSoon<T>(database: Database, change: () => T): Promise<T> {
    if (this.#refusal) throw this.#refusal;
    const soon = this.#isLent && this.#holders === 1 ? unlessLocked(database, change) : LOCKED;
    if (soon === LOCKED) return this.write(() => inSyncedTransaction(database, change));
    this.#lastWriteMs = performance.now();
    return soon;
  }

  /** Runs `change` in its turn; what it throws is the caller's. */
  async write<T>(change: () => T): Promise<T> {
    const release = await this.hold();
    try {
      return change();
    } finally {
      this.#lastWriteMs = performance.now();
      release();
    }
  }
}
