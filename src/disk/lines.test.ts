import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hashFile, hashText } from './hash.ts';
import { type Line, readJsonLines, readLines, writeJsonLines } from './lines.ts';

const root = await mkdtemp(join(tmpdir(), 'facet-lines-'));
afterAll(() => rm(root, { recursive: true, force: true }));

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

describe('JSON Lines', () => {
  it('come back as they were written, however many, under the hash of the file', async () => {
    const path = join(root, 'rows.jsonl');
    const rows = Array.from({ length: 1001 }, (_, index) => ({ index, text: `ü\n${'—'.repeat(index)}` }));
    const sha256 = await writeJsonLines(path, rows);
    expect(await all(readJsonLines(path, (row) => row))).toEqual(rows);
    expect(sha256).toBe(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    );
    expect(await hashFile(path)).toBe(sha256);
  });

  it('name the row that is no JSON, counting empty ones', async () => {
    const path = join(root, 'bad.jsonl');
    await writeFile(path, '{"a": 1}\r\n\n{"a": \n');
    const reading = all(readJsonLines(path, (row) => row));
    await expect(reading).rejects.toMatchObject({
      failure: { code: 'disk.bad-line', where: { file: path, row: 3 } },
    });
  });

  it('are read from any byte on, and say where each ends and whether it is torn', async () => {
    const path = join(root, 'torn');
    await writeFile(path, 'a\nü\n\nto');
    expect(await all(readLines(path))).toEqual<Line[]>([
      { text: 'a', row: 1, end: 2, isWhole: true },
      { text: 'ü', row: 2, end: 5, isWhole: true },
      { text: '', row: 3, end: 6, isWhole: true },
      { text: 'to', row: 4, end: 8, isWhole: false },
    ]);
    expect((await all(readLines(path, 5))).map(({ text, end }) => [text, end])).toEqual([
      ['', 6],
      ['to', 8],
    ]);
  });

  it('may each be longer than one read', async () => {
    const path = join(root, 'long');
    const long = 'é'.repeat(400_001);
    await writeFile(path, `x\n${long}\n${long}`);
    expect((await all(readLines(path))).map(({ text }) => text.length)).toEqual([1, 400_001, 400_001]);
  });
});

describe('hashes', () => {
  it('are those that others give', async () => {
    const path = join(root, 'abc');
    await writeFile(path, 'abc');
    // FIPS 180-2, appendix B.1; and `git hash-object` of the same three bytes.
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect([await hashFile(path), hashText('abc')]).toEqual([abc, abc]);
    expect(await hashFile(path, { algorithm: 'sha1', prefix: 'blob 3\0' })).toBe(
      'f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f',
    );
  });
});
