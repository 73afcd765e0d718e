import { FacetError, type Failure } from '#core/result.ts';

/**
 * One writer at a time, in order. An import, in a thread and on a connection of its own, takes a turn for each slice of
 * its rows and ends it when somebody waits; a person's label waits for a few rows at most.
 */
export class Writer {
  #tail: Promise<void> = Promise.resolve();
  /** How many wait for their turn, in memory that an import's thread sees: it ends its slice for them. */
  readonly waiting = new Int32Array(new SharedArrayBuffer(4));
  #holders = 0;
  #refusal: FacetError | null = null;
  /** When somebody last gave a turn back, as `Date.now` says it. */
  lastUseMs = 0;

  /** Whether whoever asks now has to wait. */
  get isBusy(): boolean {
    return this.#holders > 0;
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

  /** Runs `change` in its turn; what it throws is the caller's. */
  async write<T>(change: () => T): Promise<T> {
    const release = await this.hold();
    try {
      return change();
    } finally {
      release();
    }
  }
}
