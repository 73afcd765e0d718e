import { describe, expect, it } from 'vitest';
import { splitRows } from './splitRows.ts';

async function rowsOf(text: string, chunkLength: number) {
  async function* chunks() {
    for (let start = 0; start < text.length; start += chunkLength)
      yield text.slice(start, start + chunkLength);
  }
  const rows: { row: number; text: string }[] = [];
  for await (const batch of splitRows(chunks())) rows.push(...batch);
  return rows;
}

describe('cutting a file into rows', () => {
  it('cuts an array by its elements wherever the chunks end', async () => {
    const values = [{ a: '],[{"\\' }, { b: [1, [2]], c: { d: '"}' } }, { e: 'ü\n' }];
    const text = `\uFEFF \n${JSON.stringify(values, null, 1)}\n`;
    for (const length of [1, 2, 3, 7, 1000]) {
      const rows = await rowsOf(text, length);
      expect(rows.map((row) => JSON.parse(row.text))).toEqual(values);
      expect(rows.map(({ row }) => row)).toEqual([1, 2, 3]);
    }
  });

  it('numbers lines as an editor does, and passes over blank ones', async () => {
    for (const length of [1, 4, 1000]) {
      const rows = await rowsOf('\uFEFF{"a":1}\r\n\n{"b":\n{"c":3}', length);
      expect(rows.map(({ row, text }) => [row, text.trim()])).toEqual([
        [1, '{"a":1}'],
        [3, '{"b":'],
        [4, '{"c":3}'],
      ]);
    }
  });

  it('says that an array is cut off', async () => {
    await expect(rowsOf('[{"a":1},{"b"', 5)).rejects.toMatchObject({
      failure: { code: 'import.unreadable-file', where: { row: 2 } },
    });
  });

  it('finds no rows in nothing', async () => {
    expect(await rowsOf(' \n ', 1)).toEqual([]);
    expect(await rowsOf('[]', 1)).toEqual([]);
  });
});
