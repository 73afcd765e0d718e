import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PARTIAL_SUFFIX, verifyFolder, writeFileAtomic, writeFolderAtomic } from './atomicFolder.ts';

const root = await mkdtemp(join(tmpdir(), 'facet-folder-'));
afterAll(() => rm(root, { recursive: true, force: true }));

const fillWith = (text: string) => async (folder: string) => {
  await writeFile(join(folder, 'a.txt'), text);
  await writeFile(join(folder, 'b.txt'), 'b');
};

describe('writeFolderAtomic', () => {
  it('gives the same seal for the same content, and verifying gives it back', async () => {
    const first = await writeFolderAtomic(join(root, 'first'), fillWith('a'));
    const second = await writeFolderAtomic(join(root, 'second'), fillWith('a'));
    const third = await writeFolderAtomic(join(root, 'third'), fillWith('c'));
    expect(second).toEqual(first);
    expect(third.sha256).not.toBe(first.sha256);
    expect(await verifyFolder(join(root, 'first'))).toEqual(first);
  });
  it('leaves nothing under its own name when writing breaks off', async () => {
    const path = join(root, 'broken');
    const breaking = writeFolderAtomic(path, async (folder) => {
      await writeFile(join(folder, 'a.txt'), 'half');
      throw new Error('killed');
    });
    await expect(breaking).rejects.toThrow('killed');
    expect(await readdir(root)).not.toContain('broken');
    await expect(verifyFolder(path)).rejects.toThrow(/no complete checkpoint/);
    await expect(verifyFolder(`${path}${PARTIAL_SUFFIX}`)).rejects.toThrow(/broken off/);
    // What was left behind doesn't stand in the way of the next try.
    await writeFolderAtomic(path, fillWith('whole'));
    await verifyFolder(path);
  });
  it('finds a changed, a missing and a damaged file', async () => {
    const path = join(root, 'changed');
    await writeFolderAtomic(path, fillWith('a'));
    await writeFile(join(path, 'a.txt'), 'A');
    await expect(verifyFolder(path)).rejects.toThrow(/a\.txt has changed/);
    await rm(join(path, 'a.txt'));
    await expect(verifyFolder(path)).rejects.toThrow(/a\.txt is missing/);
    await writeFile(join(path, 'manifest.json'), '{"files": ');
    await expect(verifyFolder(path)).rejects.toThrow(/manifest is damaged/);
  });
});

describe('writeFileAtomic', () => {
  it('replaces a file and leaves no partial one', async () => {
    const path = join(root, 'files', 'x.json');
    await writeFileAtomic(path, ['1']);
    await writeFileAtomic(path, ['2', '3']);
    expect(await readdir(join(root, 'files'))).toEqual(['x.json']);
  });
});
