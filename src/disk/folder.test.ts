import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { verifyFolder, writeFolderAtomic } from './folder.ts';
import { PARTIAL_SUFFIX } from './partials.ts';
import { writeFileAtomic } from './writeFile.ts';

const root = await mkdtemp(join(tmpdir(), 'facet-folder-'));
afterAll(() => rm(root, { recursive: true, force: true }));

const fillWith = (text: string) => async (folder: string) => {
  await writeFileAtomic(join(folder, 'a.txt'), [text]);
  await writeFileAtomic(join(folder, 'b.txt'), ['b']);
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
  it('leaves nothing behind when writing breaks off', async () => {
    const path = join(root, 'broken');
    const breaking = writeFolderAtomic(path, async (folder) => {
      await writeFile(join(folder, 'a.txt'), 'half');
      throw new Error('killed');
    });
    await expect(breaking).rejects.toThrow('killed');
    expect((await readdir(root)).filter((name) => name.startsWith('broken'))).toEqual([]);
    await expect(verifyFolder(path)).rejects.toThrow(/broken is incomplete: its manifest/);
    await expect(verifyFolder(`${path}${PARTIAL_SUFFIX}`)).rejects.toThrow(/never finished/);
  });
  it('removes what a killed process left, but not what a living one or a fresh one writes', async () => {
    const folder = join(root, 'left');
    await writeFolderAtomic(join(folder, 'before'), fillWith('a'));
    // No process has this number: it is beyond the largest there can be.
    const dead = join(folder, `x.${2 ** 30}-00000000${PARTIAL_SUFFIX}`);
    const fresh = join(folder, `x.${2 ** 30}-00000001${PARTIAL_SUFFIX}`);
    const living = join(folder, `x.${process.pid}-00000002${PARTIAL_SUFFIX}`);
    const other = join(folder, `xy.${2 ** 30}-00000003${PARTIAL_SUFFIX}`);
    const twoHoursAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
    for (const path of [dead, fresh, living, other]) await writeFile(path, 'half');
    for (const path of [dead, living, other]) await utimes(path, twoHoursAgo, twoHoursAgo);
    await writeFolderAtomic(join(folder, 'x'), fillWith('whole'));
    const names = (await readdir(folder)).map((name) => join(folder, name));
    expect(names.sort()).toEqual([join(folder, 'before'), join(folder, 'x'), fresh, living, other].sort());
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
