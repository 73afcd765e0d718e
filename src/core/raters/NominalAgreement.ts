/** How far several people's labels of the same items agree. Pure. */

/** Krippendorff's alpha for nominal labels, gathered one item at a time; items may have any number of labels. */
export class NominalAgreement {
  #compared = 0;
  #same = 0;
  /** Σ over items of pairs of unlike labels over (labels − 1). */
  #observed = 0;
  readonly #totals = new Map<string, number>();

  add(labels: readonly string[]): void {
    const count = labels.length;
    if (count < 2) return;
    let unlike = 0;
    for (const [index, label] of labels.entries()) {
      this.#totals.set(label, (this.#totals.get(label) ?? 0) + 1);
      for (const other of labels.slice(index + 1)) if (other !== label) unlike += 1;
    }
    const comparisons = (count * (count - 1)) / 2;
    this.#compared += comparisons;
    this.#same += comparisons - unlike;
    this.#observed += (2 * unlike) / (count - 1);
  }

  /** Comparisons of two labels of one item, and how many of them are the same. */
  get compared(): number {
    return this.#compared;
  }
  get same(): number {
    return this.#same;
  }

  /** 1: all alike; 0: as much as chance would give; null where there is nothing to compare or only one label occurs. */
  get alpha(): number | null {
    let total = 0;
    let alike = 0;
    for (const count of this.#totals.values()) {
      total += count;
      alike += count * (count - 1);
    }
    const expected = total * (total - 1) - alike;
    return expected === 0 ? null : 1 - ((total - 1) * this.#observed) / expected;
  }
}
