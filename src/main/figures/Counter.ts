import type { Counted } from '#shared/dataEntities.ts';

/** How often each name comes. */
export class Counter {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** Most first. */
  list(): Counted[] {
    return [...this.#counts]
      .map(([name, count]) => ({ name, count }))
      .sort((x, y) => y.count - x.count || (x.name < y.name ? -1 : 1));
  }
}
