import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { GrowingFile } from './GrowingFile.ts';
import { underLimit, withoutLimits } from './testLimit.ts';
import { needing } from './testNeeds.ts';

const root = await mkdtemp(join(tmpdir(), 'facet-growing-'));
afterAll(() => rm(root, { recursive: true, force: true }));

describe('a growing file', () => {
  it('goes on after what is kept of it', async () => {
    const path = join(root, 'folder', 'rows');
    const first = await GrowingFile.open(path, 0);
    await first.append('one\n');
    await first.append(Buffer.from('tw'));
    await first.close();
    const second = await GrowingFile.open(path, 4);
    await second.append('two\n');
    expect(second.bytes).toBe(8);
    await second.close();
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
  });

  it('never makes up bytes that were to be kept', async () => {
    const path = join(root, 'short');
    await writeFile(path, 'ab');
    await expect(GrowingFile.open(path, 5)).rejects.toThrow(/has 2 bytes, and 5 were to be kept/);
    expect(await readFile(path, 'utf8')).toBe('ab');
  });
});

describe('a growing file under a limit for the size of files', needing(withoutLimits), () => {
  it('takes all of an append or nothing of it', async () => {
    const path = JSON.stringify(join(root, 'limited'));
    const answer = await underLimit(
      1,
      `const { GrowingFile } = await disk('GrowingFile.ts');
       const { stat } = await import('node:fs/promises');
       const file = await GrowingFile.open(${path}, 0);
       await file.append(new Uint8Array(600));
       const code = await codeOf(file.append(new Uint8Array(600)));
       const kept = (await stat(${path})).size;
       await file.append(new Uint8Array(400));
       await file.close();
       return { code, kept, size: (await stat(${path})).size };`,
    );
    expect(answer).toEqual({ code: 'disk.file-too-large', kept: 600, size: 1000 });
  });
});
