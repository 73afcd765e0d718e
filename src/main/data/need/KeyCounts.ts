const PLACES = 16_384;
/** More different keys than this are sorted instead. */
const MOST = 8192;

/** How often each of a few different keys occurs, and how many lie before each: without sorting what has them. */
export class KeyCounts {
  /** By place of an open hash table; 0 is free, which no key is. */
  readonly #keys = new Uint32Array(PLACES);
  readonly #counts = new Uint32Array(PLACES);
  readonly #ranks = new Uint32Array(PLACES);
  #different = 0;

  #placeOf(key: number): number {
    let place = Math.imul(key, 0x9e3779b1) >>> 18;
    while (this.#keys[place] !== key && this.#keys[place] !== 0) place = (place + 1) % PLACES;
    return place;
  }

  /** False where there are too many different ones; then it counts no more. */
  add(key: number): boolean {
    const place = this.#placeOf(key);
    if (this.#keys[place] === 0) {
      if (this.#different === MOST) return false;
      this.#different += 1;
      this.#keys[place] = key;
    }
    this.#counts[place] = (this.#counts[place] as number) + 1;
    return true;
  }

  /** To be called once all are added. */
  rank(descending: boolean): void {
    const inOrder = this.#keys.filter((key) => key !== 0).sort();
    if (descending) inOrder.reverse();
    let before = 0;
    for (const key of inOrder) {
      const place = this.#placeOf(key);
      this.#ranks[place] = before;
      before += this.#counts[place] as number;
    }
  }

  /** How many have a key that comes before. */
  rankOf(key: number): number {
    return this.#ranks[this.#placeOf(key)] as number;
  }
}
