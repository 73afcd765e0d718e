import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  dictionary,
  integer,
  jsonValue,
  string,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../data/testProject.ts';
import { parquetParts } from '../export/parquet.ts';
import { listInputs } from './files/listInputs.ts';
import { parseRow } from './json/parseRow.ts';
import { ValueSplitter } from './json/ValueSplitter.ts';
import { readRecords } from './readRecords.ts';

const ROWS = [
  { prompt: 'Wo, bitte?', chosen: 'Da "hier".', rejected: '\u3000Nein\n' },
  { prompt: 'Q2', chosen: 'A2', rejected: 'B2' },
];
const PARQUET = Buffer.concat([...parquetParts({ prompt: '', chosen: '', rejected: '' }, ROWS)]);
/** Pages of all columns damaged, and the name of the last column where its pages are described. */
function misnamedParquet(): Buffer {
  const footer = PARQUET.length - 8 - PARQUET.readUInt32LE(PARQUET.length - 8);
  const damaged = Buffer.from(PARQUET).fill(0xff, 4, footer);
  damaged.write('rejecteD', PARQUET.lastIndexOf('rejected'));
  return damaged;
}
const lines = ROWS.map((row) => `${JSON.stringify(row)}\n`).join('');
const csv = (delimiter: string, end: string): string =>
  [['prompt', 'chosen', 'rejected'], ...ROWS.map((row) => Object.values(row))]
    .map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter) + end)
    .join('');
const arrow = (format: 'file' | 'stream'): Uint8Array =>
  tableToIPC(
    tableFromArrays({
      prompt: ROWS.map((row) => row.prompt),
      chosen: ROWS.map((row) => row.chosen),
      rejected: ROWS.map((row) => row.rejected),
    }),
    { format },
  ) ?? new Uint8Array();
const utf16be = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();

async function rowsOf(name: string, content: string | Uint8Array) {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  const rows: unknown[] = [];
  for await (const { records } of readRecords({ path }, 100))
    for (const record of records) rows.push('value' in record ? record.value : record.problem);
  return rows;
}

describe('a file of rows, whatever its name', () => {
  it.each<[string, string | Uint8Array]>([
    ['JSON Lines', lines],
    ['lines that end in CR', lines.replaceAll('\n', '\r')],
    ['a list', JSON.stringify(ROWS, null, 2)],
    ['an object that holds it', JSON.stringify({ version: 1, data: ROWS })],
    [
      'columns',
      JSON.stringify(
        Object.fromEntries(
          Object.keys(ROWS[0] ?? {})
            .map((key) => [key, ROWS.map((row) => (row as Record<string, string>)[key])])
            .map(([key, cells]) => [key, { ...(cells as string[]) }]),
        ),
      ),
    ],
    [
      'columns as lists',
      JSON.stringify(
        Object.fromEntries(
          Object.keys(ROWS[0] ?? {}).map((key) => [
            key,
            ROWS.map((row) => (row as Record<string, string>)[key]),
          ]),
        ),
      ),
    ],
    [
      'columns apart from their rows',
      JSON.stringify({
        columns: Object.keys(ROWS[0] ?? {}),
        index: [0, 1],
        data: ROWS.map((row) => Object.values(row)),
      }),
    ],
    ['rows by their place', JSON.stringify({ ...ROWS })],
    ['CSV', csv(',', '\n')],
    ['TSV', csv('\t', '\r\n')],
    ['semicolons', csv(';', '\n')],
    ['the line in which Excel names its delimiter', `sep=;\r\n${csv(';', '\r\n')}`],
    ['UTF-16 with its mark', Buffer.from(`\ufeff${lines}`, 'utf16le')],
    ['UTF-16 without', Buffer.from(lines, 'utf16le')],
    ['UTF-16, big end first', utf16be(lines)],
    ['gzip', gzipSync(lines)],
    ['Zstandard', zstdCompressSync(lines)],
    ['gzip in Zstandard', zstdCompressSync(gzipSync(csv(',', '\n')))],
    ['Parquet', PARQUET],
    ['Parquet in gzip', gzipSync(PARQUET)],
    ['an Arrow file', arrow('file')],
    ['an Arrow stream', arrow('stream')],
  ])('%s', async (_, content) => {
    expect(await rowsOf('rows.bin', content)).toEqual(ROWS);
  });

  it.each<[string, string | Uint8Array, string]>([
    [
      'a pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n',
      'is a Git LFS pointer',
    ],
    ['a page', '<!DOCTYPE html><html><body>403</body></html>', 'is a web page'],
    ['a licence', 'MIT License\n\nCopyright (c) 2026\n', 'is a licence'],
    ['prose', 'Once upon a time, there was no table.\n', 'holds no rows'],
    ['nothing', '', 'is empty'],
    ['blank lines', ' \n\n', 'holds no rows'],
    ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), 'is compressed with xz'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), 'is UTF-32 text'],
    ['a pickle', Buffer.from([0x80, 4, 0x95, 0, 0]), 'is a Python pickle'],
    ['a model', Buffer.from([2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d]), 'is a model'],
    [
      'tar in gzip',
      gzipSync(Buffer.concat([Buffer.alloc(257, 97), Buffer.from('ustar\0')])),
      'is a tar archive',
    ],
    ['a damaged zip', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), 'is a zip archive that cannot be read'],
    ['a bomb', gzipSync(Buffer.alloc(80_000_000, 32)), 'unpacks to more than 200 times'],
    ['half of an Arrow file', arrow('file').subarray(0, 400), 'without its end'],
    ['an Arrow stream that lacks its last message', arrow('stream').subarray(0, -8), 'without its end'],
    [
      'half of a Parquet file',
      PARQUET.subarray(0, PARQUET.length / 2),
      'is a Parquet file that cannot be read',
    ],
    [
      'a Parquet file of a column that is not in its schema',
      misnamedParquet(),
      'lacks the column "rejecteD"',
    ],
    ['half of gzip', gzipSync(lines).subarray(0, 40), 'cannot be read to its end'],
    ['half of Zstandard', zstdCompressSync(lines).subarray(0, 40), 'cannot be read to its end'],
    [
      'an open quotation mark',
      `prompt,chosen,rejected\n${'"a\nline",b,c\n'.repeat(300)}"a,b,c\n`,
      'in row 301, line 602 of the file: a quotation mark that opens a cell is never closed',
    ],
    [
      'a quotation mark within a cell',
      `sep=,\nprompt,chosen,rejected\n${'a,b,c\n'.repeat(300)}a,b "c" d,e\n`,
      'in row 301, line 303 of the file: a quotation mark stands in the midst of a cell',
    ],
    [
      'text after a quotation',
      'prompt,chosen,rejected\na,"b" c,d\n',
      'in row 1, line 2 of the file: a cell goes on after the quotation mark that closes it',
    ],
    [
      'a quotation mark within a name',
      'prompt,chosen,x"y\na,b,c\n',
      'in the line that names its columns: a quotation mark stands in the midst of a cell',
    ],
    [
      'a column named in another encoding',
      Buffer.from('prompt,chosen,r\u00e9jet\na,b,c\n', 'latin1'),
      'names a column in text that is not UTF-8',
    ],
  ])('%s is named for what it is', async (_, content, message) => {
    await expect(rowsOf('x.jsonl', content)).rejects.toMatchObject({
      failure: { message: expect.stringContaining(message) },
    });
  });

  it('takes the keys of an object of rows for their ids', async () => {
    const [q1, q2] = ROWS;
    expect(await rowsOf('x.json', JSON.stringify({ q1, q2 }))).toEqual([
      { id: 'q1', ...q1 },
      { id: 'q2', ...q2 },
    ]);
  });

  it('refuses the row that a zero byte stands in, and reads the others', async () => {
    expect(await rowsOf('x.jsonl', `{"prompt": "Q\0"}\n${lines}`)).toEqual([
      { field: null, reason: expect.stringContaining('control character') },
      ...ROWS,
    ]);
  });

  it('is found in folders, each by itself', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'inner'));
    writeFileSync(join(folder, 'b.jsonl'), lines);
    writeFileSync(join(folder, 'inner', 'a.csv'), csv(',', '\n'));
    writeFileSync(join(folder, '.hidden'), 'x');
    expect(await listInputs([folder])).toEqual([
      { path: join(folder, 'b.jsonl') },
      { path: join(folder, 'inner', 'a.csv') },
    ]);
  });

  it('is read beside an archive that cannot be', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.zip'), Buffer.from([0x50, 0x4b, 3, 4, 0, 0]));
    writeFileSync(join(folder, 'b.jsonl'), lines);
    expect((await listInputs([folder])).map(({ path }) => path.slice(folder.length + 1))).toEqual([
      'a.zip',
      'b.jsonl',
    ]);
  });

  it('says of a key that stands twice which it is', async () => {
    expect(await rowsOf('x', '{"prompt": "a", "m": {"k": 1, "k": 2}}')).toEqual([
      { field: 'k', reason: 'stands twice in the row; keep one of them' },
    ]);
  });
});

describe('cutting values', () => {
  const values = array(dictionary(string(), jsonValue()), { maxLength: 5 });
  it('gives every value, in any layout, wherever the pieces end', async () => {
    const layouts = constantFrom('lines', 'list', 'pretty', 'wrapped', 'commas');
    await assert(
      asyncProperty(values, layouts, integer({ min: 1, max: 40 }), async (rows, layout, size) => {
        const text = {
          lines: rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
          list: JSON.stringify(rows),
          pretty: rows.map((row) => JSON.stringify(row, null, 2)).join('\n'),
          wrapped: JSON.stringify({ rows }),
          commas: rows.map((row) => `${JSON.stringify(row)},\r\n`).join(''),
        }[layout];
        if (layout === 'wrapped' && rows.length === 0) return;
        const bytes = Buffer.from(text);
        const splitter = new ValueSplitter();
        const cut = [];
        for (let at = 0; at < bytes.length; at += size)
          cut.push(...splitter.push(bytes.subarray(at, at + size)));
        cut.push(...splitter.end().values);
        const read = cut.map(parseRow).map((row) => JSON.stringify('value' in row ? row.value : row.problem));
        expect(read).toEqual(rows.map((row) => JSON.stringify(row)));
      }),
    );
  });
});
