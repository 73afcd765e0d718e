/**
 * One writer at a time, in order. An import holds it from its first row to its commit, on a connection of its
 * own, while readers go on; a person's label then waits its turn instead of joining a transaction that may be
 * rolled back.
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
