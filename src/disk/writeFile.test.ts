import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FacetError } from '#core/result.ts';
import { readInto, writeAll } from './bytes.ts';
import { diskFailure } from './failures.ts';
import { claimSmallFile, writeSmallFile } from './smallFile.ts';
import { onSmallDisk, underLimit, withoutDisks, withoutLimits } from './testLimit.ts';
import { needing } from './testNeeds.ts';
import { copyTo, FileWriter, writeFileAtomic } from './writeFile.ts';

const root = await mkdtemp(join(tmpdir(), 'facet-disk-'));
afterAll(() => rm(root, { recursive: true, force: true }));
let folders = 0;
async function emptyFolder(): Promise<string> {
  folders += 1;
  const folder = join(root, String(folders));
  await mkdir(folder);
  return folder;
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof FacetError ? error.failure.code : String(error)),
  );

describe('a whole file', () => {
  it('replaces what was there and leaves nothing beside it', async () => {
    const folder = await emptyFolder();
    const path = join(folder, 'deep', 'x.json');
    await writeFileAtomic(path, ['1']);
    await writeFileAtomic(path, ['2', new Uint8Array([0x33])]);
    expect(await readFile(path, 'utf8')).toBe('23');
    expect(await readdir(join(folder, 'deep'))).toEqual(['x.json']);
  });

  it('keeps the old one where the parts break off, and where its name is taken by a folder', async () => {
    const folder = await emptyFolder();
    const path = join(folder, 'x.json');
    await writeFileAtomic(path, ['old']);
    async function* breaking(): AsyncGenerator<string> {
      yield 'new';
      throw new RangeError('no more');
    }
    await expect(writeFileAtomic(path, breaking())).rejects.toThrow('no more');
    expect(await readFile(path, 'utf8')).toBe('old');
    await mkdir(join(folder, 'taken'));
    expect(await codeOf(writeFileAtomic(join(folder, 'taken'), ['x']))).toBe('disk.failed');
    expect(() => writeSmallFile(join(folder, 'taken'), 'x')).toThrow(/taken can't be written/);
    expect((await readdir(folder)).sort()).toEqual(['taken', 'x.json']);
  });

  it('lets two write the same file at once: one of them wins, whole', async () => {
    const folder = await emptyFolder();
    const path = join(folder, 'x');
    const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(300_000));
    await Promise.all(texts.map((text) => writeFileAtomic(path, [text])));
    expect(texts).toContain(await readFile(path, 'utf8'));
    expect(await readdir(folder)).toEqual(['x']);
  });

  it('says that a part of the path is no folder', async () => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'file'), '');
    const failure = await writeFileAtomic(join(folder, 'file', 'x'), ['x']).catch((error) => error.failure);
    expect(failure).toMatchObject({
      code: 'disk.no-folder',
      fix: 'Choose a folder that exists.',
      where: { file: join(folder, 'file', 'x') },
    });
  });

  it('is written part by part, counted, and gone when abandoned', async () => {
    const folder = await emptyFolder();
    const kept = await FileWriter.open(join(folder, 'kept'));
    await kept.write('grün');
    expect(kept.bytes).toBe(5);
    await kept.finish();
    await kept.abandon();
    const dropped = await FileWriter.open(join(folder, 'dropped'));
    await dropped.write('x');
    await dropped.abandon();
    expect(await readdir(folder)).toEqual(['kept']);
  });

  it('copies a file of many pieces', async () => {
    const folder = await emptyFolder();
    const bytes = Buffer.alloc(300_001, 'facet');
    await writeFile(join(folder, 'from'), bytes);
    await copyTo(join(folder, 'from'), join(folder, 'to'));
    expect(bytes.equals(await readFile(join(folder, 'to')))).toBe(true);
  });

  it('keeps others from reading a secret', async ({ skip }) => {
    skip(process.platform === 'win32', 'Windows has no such rights');
    const folder = await emptyFolder();
    writeSmallFile(join(folder, 'secret'), 'x', { mode: 0o600 });
    await writeFileAtomic(join(folder, 'upload'), ['x'], { mode: 0o600 });
    for (const name of ['secret', 'upload'])
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  });

  it('claims a name once', async () => {
    const path = join(await emptyFolder(), '1.json');
    expect(claimSmallFile(path, 'first')).toBe(true);
    expect(claimSmallFile(path, 'second')).toBe(false);
    expect(await readFile(path, 'utf8')).toBe('first');
  });
});

describe('bytes', () => {
  it('are written and read in pieces, none left out', async () => {
    // Three pieces: one call would take them all, the next size up would not.
    const bytes = new Uint8Array(130 * 1024 ** 2);
    for (let at = 0; at < bytes.length; at += 4093) bytes[at] = at % 251;
    const path = join(await emptyFolder(), 'large');
    const handle = await open(path, 'w+');
    try {
      await writeAll(handle, bytes, 3);
      const back = new Uint8Array(bytes.length + 10);
      expect(await readInto(handle, back, 3)).toBe(bytes.length);
      expect(Buffer.compare(bytes, back.subarray(0, bytes.length))).toBe(0);
    } finally {
      await handle.close();
    }
  });

  it('that a full disk refuses are an error with a way out', async ({ skip }) => {
    skip(process.platform !== 'linux', 'only Linux has a device that is always full');
    const handle = await open('/dev/full', 'w');
    try {
      const error = await writeAll(handle, new Uint8Array(10), 0).catch((thrown: unknown) => thrown);
      expect(diskFailure(error, '/somewhere/x').failure).toEqual({
        code: 'disk.full',
        message: "/somewhere/x can't be written: the disk is full.",
        fix: 'Free some space there, then try again.',
        where: { file: '/somewhere/x' },
      });
    } finally {
      await handle.close();
    }
  });
});

describe('under a limit for the size of files', needing(withoutLimits), () => {
  it('a write that the system cuts short is an error, and the old file stays', async () => {
    const folder = await emptyFolder();
    const path = JSON.stringify(join(folder, 'x'));
    await writeFile(join(folder, 'x'), 'old');
    const answer = await underLimit(
      1,
      `const { open, readFile } = await import('node:fs/promises');
       const handle = await open(${JSON.stringify(join(folder, 'plain'))}, 'w');
       const { bytesWritten } = await handle.write(new Uint8Array(1500));
       const { writeFileAtomic } = await disk('writeFile.ts');
       const { writeSmallFile } = await disk('smallFile.ts');
       const code = await codeOf(writeFileAtomic(${path}, [new Uint8Array(1500)]));
       const small = await codeOf((async () => writeSmallFile(${path}, new Uint8Array(1500)))());
       return { bytesWritten, code, small, text: await readFile(${path}, 'utf8') };`,
    );
    // The first figure is what makes this layer necessary: a short write is no error by itself.
    const code = 'disk.file-too-large';
    expect(answer).toEqual({ bytesWritten: 1024, code, small: code, text: 'old' });
    expect((await readdir(folder)).sort()).toEqual(['plain', 'x']);
  });
});

describe('on a disk that is full', needing(withoutDisks), () => {
  it('a file that does not fit is an error with a way out; the old one stays, and nothing else', async () => {
    const folder = await emptyFolder();
    const path = JSON.stringify(join(folder, 'x'));
    const answer = await onSmallDisk(
      folder,
      64,
      `const { readFile, readdir } = await import('node:fs/promises');
       const { writeFileAtomic } = await disk('writeFile.ts');
       const { writeSmallFile } = await disk('smallFile.ts');
       const { GrowingFile } = await disk('GrowingFile.ts');
       await writeFileAtomic(${path}, ['old']);
       const failure = await failureOf(writeFileAtomic(${path}, [new Uint8Array(100_000)]));
       const small = await codeOf((async () => writeSmallFile(${path}, new Uint8Array(100_000)))());
       const growing = await GrowingFile.open(${path} + '.rows', 0);
       await growing.append('row');
       const grown = await codeOf(growing.append(new Uint8Array(100_000)));
       await growing.close();
       await writeFileAtomic(${path} + '.after', ['fits again']);
       const texts = {};
       for (const name of await readdir(${JSON.stringify(folder)}))
         texts[name] = await readFile(${JSON.stringify(folder)} + '/' + name, 'utf8');
       return { failure, small, grown, texts };`,
    );
    expect(answer).toEqual({
      failure: {
        code: 'disk.full',
        message: `${join(folder, 'x')} can't be written: the disk is full.`,
        fix: 'Free some space there, then try again.',
        where: { file: join(folder, 'x') },
      },
      small: 'disk.full',
      grown: 'disk.full',
      texts: { x: 'old', 'x.rows': 'row', 'x.after': 'fits again' },
    });
  });
});
