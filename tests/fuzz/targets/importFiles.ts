/** Files as somebody might import them: previewed, imported where they can be, and then read as training reads them. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { type RandomSource, randomSource } from '#core/random.ts';
import { storedZip } from '#disk/storedZip.ts';
import { mutated } from '#lpc/testMutations.ts';
import { createDatabase, type Database } from '#main/data/database.ts';
import { labelledPairs, preferencePairs } from '#main/data/trainingPairs.ts';
import { parquetParts } from '#main/export/parquet.ts';
import { listInputs } from '#main/import/files/listInputs.ts';
import { importFile } from '#main/import/importFile.ts';
import { previewFile } from '#main/import/previewFile.ts';
import { readPromptFile } from '#main/import/readPrompts.ts';
import { oddValue } from '../oddValues.ts';
import type { OpenTarget } from '../types.ts';
import { KEYS, ROWS } from './importRows.ts';

const PACKINGS = ['none', 'none', 'none', 'none', 'gzip', 'zstd', 'twice', 'cut'] as const;
/** Imports into one project, before a new one is made. */
const PROJECT_IMPORTS = 50;
/** Of this many inputs one is imported, and one read as a file of prompts. */
const IMPORTED_EVERY = 4;

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
const cell = (value: unknown): string =>
  `"${(typeof value === 'string' ? value : JSON.stringify(value ?? '')).replaceAll('"', '""')}"`;
const table = (rows: readonly Record<string, unknown>[], delimiter: string): string => {
  const names = Object.keys(rows[0] ?? {});
  return [names, ...rows.map((row) => names.map((name) => row[name]))]
    .map((cells) => `${cells.map(cell).join(delimiter)}\n`)
    .join('');
};

/** Rows of one shape, as they are or with values of anything. */
function someRows(random: RandomSource): Record<string, unknown>[] {
  const base = random.pick(ROWS);
  return Array.from({ length: 1 + random.integer(4) }, (_, index) => {
    if (random.integer(3) === 0) return oddValue(random, KEYS, 4) as Record<string, unknown>;
    const row: Record<string, unknown> = { ...base };
    for (let faults = random.integer(3); faults > 0; faults -= 1)
      row[random.pick(random.integer(2) === 0 ? Object.keys(base) : KEYS)] = oddValue(random, KEYS);
    // Else most would be the same pair.
    if (typeof row.prompt === 'string') row.prompt += String(index);
    return row;
  });
}

const texts = (rows: readonly Record<string, unknown>[]) =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row ?? {}).map(([key, value]) => [
        key,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    ),
  );

function columns(rows: readonly Record<string, string | undefined>[]): Record<string, string[]> {
  // The writer of Arrow takes no such name.
  const names = Object.keys(rows[0] ?? {}).filter((name) => name !== '' && name !== '__proto__');
  return Object.fromEntries(
    names.map((name) => [name, rows.map((row) => (Object.hasOwn(row, name) ? (row[name] ?? '') : ''))]),
  );
}

/** A file of a kind that is read, whole. */
function wholeFile(random: RandomSource): Buffer {
  const rows = someRows(random);
  switch (random.integer(9)) {
    case 0:
      return Buffer.from(JSON.stringify(rows, null, random.integer(3)));
    case 1:
      return Buffer.from(JSON.stringify({ version: 1, data: rows }));
    case 2:
      return Buffer.from(table(texts(rows), random.pick([',', '\t', ';', '|'])));
    case 3: {
      const columnsOf = columns(texts(rows));
      const example = Object.fromEntries(Object.keys(columnsOf).map((name) => [name, '']));
      return Buffer.concat([...parquetParts({ prompt: '', ...example }, texts(rows))]);
    }
    case 4:
      return Buffer.from(
        tableToIPC(
          tableFromArrays(
            { prompt: rows.map((_, index) => `p${index}`), ...columns(texts(rows)) },
            // Else a column called `constructor` would take its type from what objects inherit.
            { types: Object.create(null) as Record<string, never> },
          ),
          { format: random.pick(['file', 'stream'] as const) },
        ) ?? [],
      );
    case 5:
      return Buffer.from(
        `\ufeff${rows.map(line).join('')}`,
        random.pick(['utf16le', 'utf8', 'latin1'] as const),
      );
    default:
      return Buffer.from(rows.map(line).join(random.pick(['', '', '\n', ',', '\r', '# x\n'])));
  }
}

/** Little that unpacks to much, or a line that does not end. */
function swollen(random: RandomSource): Buffer {
  const size = 2 ** (16 + random.integer(9));
  const filling = Buffer.alloc(
    size,
    random.pick([' ', '[', '{"a":', '"', '\n', '0', ',', '\u0000', '{"prompt":"x"}\n']),
  );
  return random.integer(2) === 0 ? gzipSync(filling, { level: 1 }) : filling.subarray(0, 2 ** 20);
}

function packed(random: RandomSource, bytes: Buffer): Buffer {
  switch (random.pick(PACKINGS)) {
    case 'gzip':
      return gzipSync(bytes);
    case 'zstd':
      return zstdCompressSync(bytes);
    case 'twice':
      return gzipSync(gzipSync(bytes));
    case 'cut': {
      const whole = gzipSync(bytes);
      return whole.subarray(0, random.integer(whole.length));
    }
    default:
      return bytes;
  }
}

function inputBytes(seed: number, index: number, zip: Buffer): Buffer {
  const random = randomSource({ seed, stream: 'import file', counter: index * 4096 });
  if (random.integer(400) === 0) return swollen(random);
  const whole = random.integer(12) === 0 ? zip : wholeFile(random);
  const isDamaged = random.integer(3) > 0;
  return packed(random, isDamaged ? mutated(seed, 'import', index, whole, false) : whole);
}

const NAMES = [
  'a.jsonl',
  'a.json',
  'a.csv',
  'a.txt',
  'a.parquet',
  'a.jsonl.gz',
  'dataset_info.json',
  'a.zip',
];

/** What was imported must be there to be trained on: one pair that cannot be read would stand in the way of all. */
function readBack(database: Database): void {
  const pairs = labelledPairs(database, { sourceIds: null, labels: 'imported' });
  let left = 0;
  const read = preferencePairs(database, pairs, () => {
    left += 1;
  });
  for (const pair of read) JSON.stringify(pair);
  if (left > 0) throw new Error(`${left} of the imported pairs cannot be read`);
}

export const importFiles: OpenTarget = async (folder, seed) => {
  const inside = join(folder, 'inside.jsonl');
  writeFileSync(inside, ROWS.map(line).join(''));
  const parts: Uint8Array[] = [];
  for await (const part of storedZip([
    { name: 'one.jsonl', path: inside },
    { name: '../two.jsonl', path: inside },
  ]))
    parts.push(part);
  const zip = Buffer.concat(parts);
  let [imports, projects, path] = [0, 0, ''];
  let database: Database | null = null;
  const project = (): Database => {
    if (database !== null && imports < PROJECT_IMPORTS) return database;
    database?.close();
    rmSync(path, { force: true });
    projects += 1;
    imports = 0;
    path = join(folder, `p${projects}.facet`);
    database = createDatabase(path);
    return database;
  };
  const turns = { take: async <T>(change: () => T): Promise<T> => change(), isAwaited: () => false };
  const importAll = async (input: Awaited<ReturnType<typeof listInputs>>[number]): Promise<void> => {
    const open = project();
    imports += 1;
    await importFile({
      ...{ projectPath: path, input, rules: {}, at: '2026-01-01T00:00:00.000Z', turns },
      ...{ onFrame: () => undefined, signal: new AbortController().signal },
    });
    readBack(open);
  };
  return {
    read: async (index) => {
      const random = randomSource({ seed, stream: 'import', counter: index });
      const place = join(folder, 'in');
      mkdirSync(place, { recursive: true });
      const file = join(place, random.pick(NAMES));
      writeFileSync(file, inputBytes(seed, index, zip));
      try {
        if (index % IMPORTED_EVERY === 1) {
          await readPromptFile(file);
          return null;
        }
        for (const input of await listInputs([file])) {
          await previewFile(project(), input, {});
          if (index % IMPORTED_EVERY === 0) await importAll(input);
        }
        return null;
      } finally {
        rmSync(file, { force: true });
      }
    },
    close: async () => void database?.close(),
  };
};
