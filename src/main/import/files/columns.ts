/** One JSON object that is a table: pandas writes columns, the Hugging Face viewer rows in envelopes. Pure. */
import { isObject, type JsonObject } from '../types.ts';

/** `{column: {"0": value, …}, …}` or `{column: [value, …], …}` as rows; null for what is no table. */
export function tableOfColumns(value: unknown): JsonObject[] | null {
  if (!isObject(value)) return null;
  const columns = Object.entries(value);
  if (columns.length < 2) return null;
  const byIndex = columns.every(
    ([, column]) => isObject(column) && Object.keys(column).every((key) => /^\d+$/.test(key)),
  );
  const [, first] = columns[0] as [string, unknown];
  if (byIndex && isObject(first) && Object.keys(first).length > 0) {
    return Object.keys(first).map((index) =>
      Object.fromEntries(columns.map(([name, column]) => [name, (column as JsonObject)[index] ?? null])),
    );
  }
  return null;
}

/** The row inside `{row_idx, row: {…}}`. */
export function unwrapped(value: unknown): unknown {
  if (!isObject(value) || !isObject(value.row) || value.row_idx === undefined) return value;
  return value.row;
}
