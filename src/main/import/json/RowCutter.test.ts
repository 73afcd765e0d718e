import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ParsedRow, parseRow } from './parseRow.ts';
import { RowCutter } from './RowCutter.ts';
import { ValueSplitter } from './ValueSplitter.ts';

/** What `RowCutter` must give: every byte looked at. */
function byteByByte(bytes: Buffer): { rows: ParsedRow[]; unclosed: boolean } {
  const splitter = new ValueSplitter();
  const rows = splitter.push(bytes).map(parseRow);
  const { values, unclosed } = splitter.end();
  return { rows: [...rows, ...values.map(parseRow)], unclosed };
}
function cut(bytes: Buffer, sizes: readonly number[]): { rows: ParsedRow[]; unclosed: boolean } {
  const cutter = new RowCutter();
  const rows: ParsedRow[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] as number;
    rows.push(...cutter.push(bytes.subarray(at, at + size)));
    at += size;
  }
  const { rows: last, unclosed } = cutter.end();
  return { rows: [...rows, ...last], unclosed };
}

const pieces = [
  '{"prompt":"p","chosen":"a","rejected":"b"}',
  '{ "id": 7, "text": "a \\"quoted\\" one: {x}" }',
  '{"messages":[{"role":"user","content":"é 你好 🙂"}],"n":[1,2.5,null,true]}',
  '{"id":12345678901234567890}',
  '{"a":1,"a":2}',
  '{"a":{"b":1,"b":2}}',
  '{"a":"\\ud83d"}',
  '{"a":"\\ud83d\\ude42"}',
  '{"a":"\uFFFD"}',
  '{"data":[{"a":1},{"a":2}]}',
  '{"data":[1,2]}',
  '{"rows":[],"a":1}',
  `${'{"a":'.repeat(201)}1${'}'.repeat(201)}`,
  `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`,
  '{}',
  '[{"a":1},{"a":2}]',
  '[',
  ']',
  '{"a":\r1}',
  '{"a":"one\\',
  '"}',
  '{"a":NaN}',
  '{\n  "a": [\n    {"b": 1}\n  ]\n}',
  '# no JSON',
  '3',
  ' ',
];
const ends = ['\n', '\n', '\n', '\n\n\r\n', '\r\n', '\r', ' \n', ',\n', ''];

it('gives the rows that a look at every byte gives, however the bytes come', () => {
  const line = fc.tuple(fc.constantFrom(...pieces), fc.constantFrom(...ends)).map((parts) => parts.join(''));
  const text = fc.array(line, { maxLength: 12 }).map((lines) => Buffer.from(lines.join('')));
  const damaged = fc.tuple(text, fc.nat(), fc.integer({ min: 0, max: 255 })).map(([bytes, at, byte]) => {
    const other = Buffer.from(bytes);
    if (other.length > 0) other[at % other.length] = byte;
    return other;
  });
  fc.assert(
    fc.property(
      fc.oneof(text, damaged),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 }),
      (bytes, sizes) => {
        expect(cut(bytes, sizes)).toEqual(byteByByte(bytes));
        expect(cut(bytes, [bytes.length + 1])).toEqual(byteByByte(bytes));
      },
    ),
    { numRuns: 1500 },
  );
});

it('counts a line that ends after a backslash, however the bytes come', () => {
  const row = '{"prompt":"p","chosen":"a","rejected":"b"}';
  const bytes = Buffer.from([row, '{"a":"one\\', row, row, ''].join('\n'));
  for (const sizes of [[1], [7, 30], [bytes.length]]) {
    expect(
      cut(bytes, sizes).rows.map((parsed) => parsed.row),
      String(sizes),
    ).toEqual([1, 2, 4]);
  }
});
