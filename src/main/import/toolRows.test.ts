import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { readRow } from './readRow.ts';
import { itemText, problemText } from './testOutcome.ts';

/** One row in the shape of each tool, and what is right of it, checked by hand against the tool's own description. */
interface ToolRow {
  readonly name: string;
  readonly row: unknown;
  readonly outcome: readonly string[];
}
const rows = readFileSync(
  resolve(import.meta.dirname, '../../../tests/fixtures/import/tool-rows.jsonl'),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as ToolRow);

it.each(rows.map((tool) => [tool.name, tool] as const))('%s', (_name, { row, outcome }) => {
  const read = readRow(row);
  const found = read.ok ? read.items.map((item) => itemText(1, item)) : [problemText(1, read.problem)];
  expect(found).toEqual(outcome);
});
