import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { bytesBelow, findRow, findRows, type KeyOf } from './sortedLines.ts';

const keyOf: KeyOf = (row) => (row as { key?: number }).key ?? Number.POSITIVE_INFINITY;

function file(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'facet-sorted-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'rows.jsonl');
  writeFileSync(path, text);
  return path;
}

it('finds every row, long and short, and none between them', async () => {
  const keys = Array.from({ length: 60 }, (_, index) => 3 * index + 1);
  const lines = keys.map((key) => `${JSON.stringify({ key, text: 'ü'.repeat((key * 97) % 3000) })}\n`);
  const path = file(lines.join(''));
  const found = await findRows(path, keys, keyOf);
  expect(found.map((row) => keyOf(row))).toEqual(keys);
  expect(await findRows(path, [0, 2, 179, 10_000], keyOf)).toEqual([null, null, null, null]);
  for (const place of [0, 1, 37, 59]) {
    const before = lines.slice(0, place).join('');
    expect(await bytesBelow(path, keys[place] ?? 0, keyOf)).toBe(Buffer.byteLength(before));
  }
  expect(await bytesBelow(path, 10_000, keyOf)).toBe(Buffer.byteLength(lines.join('')));
});

it('takes rows without a key for the last ones, and a torn line for none', async () => {
  const path = file('{"key":1}\n{"key":4}\n{"name":"x"}\n{"key":9');
  expect(await findRow(path, 4, keyOf)).toEqual({ key: 4 });
  expect(await findRow(path, 9, keyOf)).toBeNull();
  expect(await bytesBelow(path, 5, keyOf)).toBe(20);
  expect(await findRow(file(''), 1, keyOf)).toBeNull();
  expect(await bytesBelow(file('{"key":'), 1, keyOf)).toBe(0);
});

it('passes over lines of which a power cut took a part, and cuts those off that end what is kept', async () => {
  const lines = [1, 2, 3, 4, 5, 6].map((key) => `${JSON.stringify({ key, text: 'x'.repeat(40) })}\n`);
  const torn = (line: string) => `${line.slice(0, 12)}${'\0'.repeat(line.length - 13)}\n`;
  const written = lines.map((line, place) => (place === 1 || place === 4 ? torn(line) : line));
  const path = file(written.join(''));
  expect((await findRows(path, [1, 2, 3, 4, 5, 6], keyOf)).map((row) => row && keyOf(row))).toEqual([
    ...[1, null, 3, 4, null, 6],
  ]);
  const bytes = (count: number) => written.slice(0, count).join('').length;
  expect(await bytesBelow(path, 4, keyOf)).toBe(bytes(3));
  expect(await bytesBelow(path, 5, keyOf)).toBe(bytes(4));
  expect(await bytesBelow(path, 7, keyOf)).toBe(bytes(6));
  const nothing = file(`${'\0'.repeat(5000)}\nnull\n7\n`);
  expect(await findRow(nothing, 1, keyOf)).toBeNull();
  expect(await bytesBelow(nothing, 1, keyOf)).toBe(0);
});

it('reads rows that are longer than one read', async () => {
  const long = 'x'.repeat(200_000);
  const path = file([1, 2, 3].map((key) => `${JSON.stringify({ key, long })}\n`).join(''));
  expect(keyOf(await findRow(path, 2, keyOf))).toBe(2);
  expect(await findRow(path, 4, keyOf)).toBeNull();
});
