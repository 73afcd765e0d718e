import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hashFile, hashText } from './hash.ts';
import { readLines } from './lines.ts';
import { openFile } from './openFile.ts';
import { readText, readTextSync } from './readText.ts';
import { needing } from './testNeeds.ts';

const folder = mkdtempSync(join(tmpdir(), 'facet-open-'));
afterAll(() => rmSync(folder, { recursive: true }));
const pipe = join(folder, 'pipe');
const noPipes = process.platform === 'win32' ? 'Windows has no named pipes in folders' : null;
if (noPipes === null) execFileSync('mkfifo', [pipe]);

describe('what is no regular file', needing(noPipes), () => {
  it.each(['a named pipe', 'a link to one', 'a device', 'a folder'])(
    '%s is refused at once',
    async (kind) => {
      const link = join(folder, 'link');
      rmSync(link, { force: true });
      symlinkSync(pipe, link);
      const path = { 'a named pipe': pipe, 'a link to one': link, 'a device': '/dev/zero' }[kind] ?? folder;
      await expect(openFile(path)).rejects.toMatchObject({ failure: { code: 'disk.not-a-file' } });
      await expect(hashFile(path)).rejects.toMatchObject({ failure: { code: 'disk.not-a-file' } });
      await expect(readLines(path).next()).rejects.toMatchObject({ failure: { code: 'disk.not-a-file' } });
    },
  );
});

it('opens a file, and one that a link leads to', async () => {
  const path = join(folder, 'file');
  writeFileSync(path, 'one\ntwo');
  symlinkSync(path, join(folder, 'to-file'));
  for (const name of [path, join(folder, 'to-file')]) {
    expect(await hashFile(name)).toBe(hashText('one\ntwo'));
    const lines = [];
    for await (const line of readLines(name, 4)) lines.push(line);
    expect(lines).toEqual([{ text: 'two', row: 1, end: 7, isWhole: false }]);
  }
});

describe('text that is read whole', () => {
  it('is that of a file of a size that texts have', async () => {
    const path = join(folder, 'a.txt');
    writeFileSync(path, 'é\n');
    expect(await readText(path)).toBe('é\n');
    expect(readTextSync(path)).toBe('é\n');
    await expect(readText(path, 2)).rejects.toMatchObject({ failure: { code: 'disk.too-large' } });
    expect(() => readTextSync(path, 2)).toThrow('no more than 2');
  });

  it('is none of a device or a pipe, which have no end', needing(noPipes), async () => {
    for (const path of [pipe, '/dev/zero', '/dev/null']) {
      await expect(readText(path)).rejects.toMatchObject({ failure: { code: 'disk.not-a-file' } });
      expect(() => readTextSync(path)).toThrow('not a regular file');
    }
  });
});
