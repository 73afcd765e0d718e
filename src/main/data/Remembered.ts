/** Answers that hold for one version of what they are about; the one that was asked for longest ago goes first. */
export class Remembered<T> {
  readonly #most: number;
  readonly #known = new Map<string, T>();
  #version = '';

  constructor(most: number) {
    this.#most = most;
  }

  at(version: string): void {
    if (version !== this.#version) this.#known.clear();
    this.#version = version;
  }

  get(key: string, make: () => T): T {
    const value = this.#known.has(key) ? (this.#known.get(key) as T) : make();
    this.#known.delete(key);
    if (this.#known.size >= this.#most) this.#known.delete(this.#known.keys().next().value as string);
    this.#known.set(key, value);
    return value;
  }
}
