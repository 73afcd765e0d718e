import type { Sort } from '#shared/library.ts';
import type { Viewer } from '../pairRows.ts';
import { ordering } from './order.ts';
import type { KeyColumn, TableColumns } from './TableColumns.ts';

interface WholeOrder {
  readonly version: string;
  readonly ids: Uint32Array;
}
const KEPT = 4;

/** All pairs in an order: it lasts until its column changes, while what a filter finds may change with each verdict. */
export class WholeOrders {
  readonly #columns: TableColumns;
  readonly #all: () => Uint32Array;
  readonly #known = new Map<string, WholeOrder>();
  /** Several may be asked for at once, and each goes on. */
  readonly #making = new Map<string, { version: string; steps: Generator<void, Uint32Array> }>();

  /** `all`: every pair's id, ascending. */
  constructor(columns: TableColumns, all: () => Uint32Array) {
    this.#columns = columns;
    this.#all = all;
  }

  isKnown(column: KeyColumn, sort: Sort, viewer: Viewer): boolean {
    const version = this.#columns.keysVersion(column, viewer);
    return this.#known.get(nameOf(sort, viewer))?.version === version;
  }

  /** Makes a piece of it: some milliseconds. */
  step(column: KeyColumn, sort: Sort, viewer: Viewer): void {
    const name = nameOf(sort, viewer);
    const { keys, version } = this.#columns.keys(column, viewer);
    const making = this.#making.get(name);
    if (making?.version !== version) {
      this.#making.set(name, { version, steps: ordering(keys, this.#all(), sort.descending) });
      return;
    }
    const { done, value } = making.steps.next();
    if (!done) return;
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(name, { version, ids: value });
    this.#making.delete(name);
  }

  of(column: KeyColumn, sort: Sort, viewer: Viewer): Uint32Array {
    while (!this.isKnown(column, sort, viewer)) this.step(column, sort, viewer);
    return this.#known.get(nameOf(sort, viewer))?.ids as Uint32Array;
  }
}

const nameOf = (sort: Sort, viewer: Viewer): string => JSON.stringify([sort, viewer]);
