/** Labels of items by several raters, kept as how often each combination of labels occurs. Pure. */

/** No label of a rater on an item. */
export const NO_LABEL = null;
export type Label = number | typeof NO_LABEL;

/** One combination: the label of each rater (an index into the categories, a value on a scale, or `NO_LABEL`), and its items. */
export interface Pattern {
  readonly labels: readonly Label[];
  readonly items: number;
}

/** Gathered one item at a time; only items with two labels or more say anything of agreement. */
export class Ratings {
  readonly categories: number;
  readonly #patterns = new Map<string, { readonly labels: readonly Label[]; items: number }>();
  #items = 0;
  #labels = 0;

  constructor(categories: number) {
    this.categories = categories;
  }

  add(labels: readonly Label[]): void {
    this.#put(labels, 1);
  }

  #put(labels: readonly Label[], times: number): void {
    const given = labels.filter((label) => label !== NO_LABEL).length;
    if (given < 2) return;
    this.#items += times;
    this.#labels += times * given;
    const key = labels.join(',');
    const known = this.#patterns.get(key);
    if (known) known.items += times;
    else this.#patterns.set(key, { labels: [...labels], items: times });
  }

  /** Items with two labels or more, and the labels on them. */
  get items(): number {
    return this.#items;
  }
  get labels(): number {
    return this.#labels;
  }

  patterns(): readonly Pattern[] {
    return [...this.#patterns.values()];
  }

  /** Of two raters alone. */
  ofTwo(one: number, other: number): Ratings {
    const two = new Ratings(this.categories);
    for (const { labels, items } of this.#patterns.values()) {
      two.#put([labels[one] ?? NO_LABEL, labels[other] ?? NO_LABEL], items);
    }
    return two;
  }

  /** The same with labels that are values on a scale as their ranks, lowest first. */
  ranked(): Ratings {
    const values = new Set<number>();
    for (const { labels } of this.#patterns.values())
      for (const label of labels) if (label !== NO_LABEL) values.add(label);
    const ranks = new Map([...values].sort((x, y) => x - y).map((value, rank) => [value, rank]));
    const ranked = new Ratings(ranks.size);
    for (const { labels, items } of this.#patterns.values())
      ranked.#put(
        labels.map((label) => (label === NO_LABEL ? NO_LABEL : (ranks.get(label) as number))),
        items,
      );
    return ranked;
  }
}
