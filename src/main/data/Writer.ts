/**
 * One writer at a time, in order. An import, in a thread and on a connection of its own, takes a turn of a few
 * milliseconds for each slice of its rows; a person's label waits for one slice at most.
 */
export class Writer {
  #tail: Promise<void> = Promise.resolve();

  /** Resolves with the function that gives the turn back. */
  async hold(): Promise<() => void> {
    const before = this.#tail;
    let release: () => void = () => undefined;
    this.#tail = new Promise((resolve) => {
      release = resolve;
    });
    await before;
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
