/** Items that belong together, by what joined them (union–find). Pure. */
export class Groups {
  readonly #parent: Int32Array;

  constructor(items: number) {
    this.#parent = Int32Array.from({ length: items }, (_, item) => item);
  }

  /** The least item of the group that an item is in. */
  of(item: number): number {
    let root = item;
    while (this.#parent[root] !== root) root = this.#parent[root] as number;
    let at = item;
    while (at !== root) {
      const next = this.#parent[at] as number;
      this.#parent[at] = root;
      at = next;
    }
    return root;
  }

  join(one: number, other: number): void {
    const [a, b] = [this.of(one), this.of(other)];
    this.#parent[Math.max(a, b)] = Math.min(a, b);
  }

  /** Groups of two or more, each in order; the largest first. */
  list(): number[][] {
    const members = new Map<number, number[]>();
    for (let item = 0; item < this.#parent.length; item++) {
      const root = this.of(item);
      if (root === item) continue;
      const group = members.get(root);
      if (group) group.push(item);
      else members.set(root, [root, item]);
    }
    return [...members.values()].sort((x, y) => y.length - x.length || (x[0] as number) - (y[0] as number));
  }
}
