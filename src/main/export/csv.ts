/** A table cell that a spreadsheet would take for a formula begins with an apostrophe. Pure. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
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
