/** Archives of very many files: bounded, and each file found without a look through all the names. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, it, vi } from 'vitest';
import { ZipFile } from 'yauzl';
import { toFailure } from '#core/result.ts';
import { storedZip } from '#disk/storedZip.ts';
import { temporaryFolder } from '../../data/testProject.ts';
import { LIMITS } from './limits.ts';
import { openZipEntry, zipEntries } from './zip.ts';

async function archiveOf(files: number): Promise<string> {
  const folder = temporaryFolder();
  const row = join(folder, 'row.jsonl');
  writeFileSync(row, '{"prompt": "Q", "chosen": "yes", "rejected": "no"}\n');
  const parts: Uint8Array[] = [];
  const entries = Array.from({ length: files }, (_, index) => ({ name: `${index}.jsonl`, path: row }));
  for await (const part of storedZip(entries)) parts.push(part);
  const path = join(folder, 'many.zip');
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

it('refuses one of more files than a folder may hold', async () => {
  const failure = await zipEntries(await archiveOf(LIMITS.files + 1)).then(() => null, toFailure);
  expect(failure?.message).toMatch(/many\.zip holds more than 10,000 files\.$/);
});

it('reads the names of an archive once, however many of its files are opened', async () => {
  const path = await archiveOf(40);
  const looks = vi.spyOn(ZipFile.prototype, 'eachEntry');
  for (const name of await zipEntries(path))
    expect((await buffer(openZipEntry(path, name).chunks())).toString()).toContain('"yes"');
  expect(looks).toHaveBeenCalledTimes(1);
  // Another in its place is read anew.
  writeFileSync(path, 'no archive');
  expect((await zipEntries(path).then(() => null, toFailure))?.message).toContain('cannot be read');
});
