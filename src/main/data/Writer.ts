/**
 * One writer at a time, in order. An import, in a thread and on a connection of its own, takes a turn for each slice of
 * its rows and ends it when somebody waits; a person's label waits for a few rows at most.
 */
export class Writer {
  #tail: Promise<void> = Promise.resolve();
  /** How many wait for their turn, in memory that an import's thread sees: it ends its slice for them. */
  readonly waiting = new Int32Array(new SharedArrayBuffer(4));
  #holders = 0;

  /** Whether whoever asks now has to wait. */
  get isBusy(): boolean {
    return this.#holders > 0;
  }

  /** Resolves with the function that gives the turn back. */
  async hold(): Promise<() => void> {
    const before = this.#tail;
    let release: () => void = () => undefined;
    this.#tail = new Promise((resolve) => {
      release = () => {
        this.#holders -= 1;
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
