/**
 * A table cell that a spreadsheet would take for a formula begins with one apostrophe more than its text; so does a text
 * that begins with apostrophes before such a sign, so that `withoutApostrophe` gives every text back. Pure.
 */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;
const MADE_SAFE = /^'+[=+\-@\t\r\n＝＋－＠]/;

export const withoutApostrophe = (cell: string): string => (MADE_SAFE.test(cell) ? cell.slice(1) : cell);

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = typeof value === 'string' && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() || safe === ''
    ? `"${safe.replaceAll('"', '""')}"`
    : safe;
}

export function* csvLines(
  columns: readonly string[],
  rows: Iterable<Readonly<Record<string, unknown>>>,
): Generator<string> {
  yield `${columns.map(cell).join(',')}\r\n`;
  for (const row of rows) yield `${columns.map((name) => cell(row[name])).join(',')}\r\n`;
}
