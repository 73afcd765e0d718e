import type { Database } from './database.ts';

/** Rows in one statement: a call of SQLite costs as much as a short row. */
export const ROWS_AT_ONCE = 16;

/** New rows of one table that wait to be written, several at a time. */
export class RowBuffer<Row extends readonly unknown[]> {
  readonly #columns: number;
  readonly #one;
  readonly #several;
  #values: unknown[] = [];

  constructor(database: Database, table: string, columns: readonly string[]) {
    this.#columns = columns.length;
    const insert = `INSERT INTO ${table} (${columns.join(', ')}) VALUES `;
    const row = `(${columns.map(() => '?').join(', ')})`;
    this.#one = database.prepare<unknown[]>(insert + row);
    this.#several = database.prepare<unknown[]>(insert + Array(ROWS_AT_ONCE).fill(row).join(', '));
  }

  add(...row: Row): void {
    for (const value of row) this.#values.push(value);
  }

  get rows(): number {
    return this.#values.length / this.#columns;
  }

  flush(): void {
    const values = this.#values;
    const step = ROWS_AT_ONCE * this.#columns;
    let from = 0;
    for (; from + step <= values.length; from += step)
      this.#several.run(values.length === step ? values : values.slice(from, from + step));
    for (; from < values.length; from += this.#columns)
      this.#one.run(values.slice(from, from + this.#columns));
    this.#values = [];
  }
}
