/** docs/formats.md holds every shape that is read and written, and its examples import as they stand. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXPORT_SHAPES } from '#shared/dataEntities.ts';
import { createProgram } from '../cli/program.ts';
import { rootDir } from '../environment.ts';
import { RowReading } from './RowReading.ts';
import { readRow } from './readRow.ts';

const text = readFileSync(join(rootDir, 'docs', 'formats.md'), 'utf8');

/** The cells of a table's rows, by how its first line begins. */
function table(head: string): string[][] {
  const lines = text.slice(text.indexOf(`\n${head}`) + 1).split('\n');
  const rows = lines.slice(
    2,
    lines.findIndex((line) => !line.startsWith('|')),
  );
  return rows.map((line) =>
    line
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
}
const codes = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string);

const shapesIn = table('| shape | named | example |').map(([shape = '', named = '', example = '']) => ({
  shape,
  named: codes(named)[0] ?? null,
  examples: codes(example).filter((code) => /^\[?\{/.test(code)),
}));

describe('docs/formats.md', () => {
  it.each(
    shapesIn.flatMap(({ shape, named, examples }) => examples.map((example) => ({ shape, named, example }))),
  )('$shape: $example', ({ named, example }) => {
    const rows = [JSON.parse(example)].flat();
    const reading = new RowReading(readRow, () => ({}));
    const read = [
      ...rows.flatMap((value, index) => [...reading.take({ row: index + 1, value })]),
      ...reading.waiting(9),
    ].flat();
    reading.close();
    expect(read.map(({ outcome }) => outcome.ok && outcome.shape)).toEqual([named ?? false]);
  });

  it('names every shape that is read, with an example', () => {
    const folder = join(import.meta.dirname, 'shapes');
    const named = readdirSync(folder).flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/^ {2}name: '([\w-]+)'/gm)].map(
        (match) => match[1],
      ),
    );
    const listed = new Set(shapesIn.map((shape) => shape.named).filter((name) => name !== null));
    // Two readings of chosen and rejected have names of their own.
    expect([...listed].toSorted()).toEqual([...new Set([...named, 'hh-dialogue', 'sharegpt'])].toSorted());
    const without = shapesIn.filter(({ examples }) => examples.length === 0).map(({ named: name }) => name);
    expect(without).toEqual(['facet']);
  });

  it('names every shape that is written, and every choice of an export', () => {
    const written = table('| shape | a row | lost |').map(([shape = '']) => codes(shape)[0]);
    expect(written.toSorted()).toEqual([...EXPORT_SHAPES].toSorted());
    const data = createProgram().commands.find((command) => command.name() === 'data');
    const options = data?.commands.find((command) => command.name() === 'export')?.options ?? [];
    expect(options.length).toBeGreaterThan(10);
    const known = options.map(({ long }) => long ?? '');
    expect(known.filter((name) => !text.includes(`\`${name}`) && !text.includes(` ${name} `))).toEqual([]);
  });
});
