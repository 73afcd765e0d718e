/** One JSON object that is a table: pandas writes columns, the Hugging Face viewer rows in envelopes. Pure. */
import { isKnownField, NAMES, plainName } from '../fields.ts';
import { isObject, isText, type JsonObject } from '../types.ts';

/** `{column: [value, …], …}`: no row, since a row has one prompt. A single value may as well be a row's. */
function byLists(columns: readonly [string, unknown][]): JsonObject[] | null {
  const lists = columns.filter((column): column is [string, unknown[]] => Array.isArray(column[1]));
  const [, first = []] = lists[0] ?? [];
  if (lists.length !== columns.length || first.length < 2) return null;
  if (lists.some(([, list]) => list.length !== first.length)) return null;
  const prompt = lists.find(([name]) => NAMES.prompt.includes(plainName(name)));
  const isOfRows = (list: unknown[]): boolean => list.every((value) => isText(value) || Array.isArray(value));
  const isTable = prompt ? isOfRows(prompt[1]) : lists.every(([, list]) => list.every(Array.isArray));
  if (!isTable) return null;
  return first.map((_, index) => Object.fromEntries(lists.map(([name, list]) => [name, list[index]])));
}

/** pandas' `{columns: […], index: […], data: [[…], …]}`. */
function bySplit({ columns, data }: JsonObject): JsonObject[] | null {
  if (!Array.isArray(columns) || !columns.every(isText) || !Array.isArray(data)) return null;
  if (!data.every((row) => Array.isArray(row) && row.length === columns.length)) return null;
  return (data as unknown[][]).map((row) =>
    Object.fromEntries(columns.map((name, index) => [name, row[index]])),
  );
}

/** Rows by their ids: `{"q1": {row}, "q2": {row}}`, as `orient="index"` writes them. A number that only counts is no id. */
function byIds(rows: readonly [string, unknown][]): JsonObject[] | null {
  if (rows.some(([key]) => isKnownField(key))) return null;
  const isRow = (value: unknown): value is JsonObject =>
    isObject(value) && Object.keys(value).filter(isKnownField).length >= 2;
  return rows.every(([, row]) => isRow(row))
    ? rows.map(([key, row], index) => ({ ...(key !== String(index) && { id: key }), ...(row as JsonObject) }))
    : null;
}

/** `{column: {"0": value, …}, …}`, `{column: [value, …], …}` columns apart from their rows, or rows by their ids; null for what is no table. */
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
  return byLists(columns) ?? bySplit(value) ?? byIds(columns);
}

/** The row inside `{row_idx, row: {…}}`. */
export function unwrapped(value: unknown): unknown {
  if (!isObject(value) || !isObject(value.row) || value.row_idx === undefined) return value;
  return value.row;
}
