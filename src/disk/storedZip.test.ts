import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { storedZip } from './storedZip.ts';

it('gives an archive that another reader reads, the same each time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'facet-zip-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const contents = { 'train.py': 'print("hello")\n', 'lpc/ünïcode.txt': '', 'data.bin': 'x'.repeat(70_000) };
  const files = await Promise.all(
    Object.entries(contents).map(async ([name, content], index) => {
      const path = join(folder, String(index));
      await writeFile(path, content);
      return { name, path };
    }),
  );
  const archive = await buffer(storedZip(files));
  expect((await buffer(storedZip(files))).equals(archive)).toBe(true);
  const zip = await fromBufferPromise(archive);
  const found: Record<string, string> = {};
  for await (const entry of zip.eachEntry()) {
    const stream = await zip.openReadStreamPromise(entry);
    found[entry.fileName] = (await buffer(stream)).toString();
  }
  expect(found).toEqual(contents);
});
