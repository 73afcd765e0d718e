import { mkdtemp, open, readdir, readFile, rename, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openHiddenStates } from './hiddenStateStore.ts';
import { writeHiddenStates } from './hiddenStateWriter.ts';

const root = await mkdtemp(join(tmpdir(), 'facet-states-'));
afterAll(() => rm(root, { recursive: true, force: true }));

const PAIRS = { a: Float32Array.of(1, 2, 3), b: Float32Array.of(-4), c: Float32Array.of(0.1, 5) };
async function write(folder: string, key: string, mostBytesOfFolder?: number): Promise<void> {
  const writer = await writeHiddenStates(folder, key, 24, mostBytesOfFolder);
  for (const [pair, states] of Object.entries(PAIRS)) await writer?.add(pair, states);
  await writer?.finish(7);
}

it.each([
  ['memory', undefined],
  ['the file', 0],
])('gives back what was written, from %s', async (_, mostBytesInMemory) => {
  const folder = join(root, 'kept');
  await write(folder, 'key');
  const states = await openHiddenStates(folder, 'key', mostBytesInMemory);
  if (typeof states === 'string') throw new Error(states);
  for (const [pair, expected] of Object.entries(PAIRS)) expect(await states.of(pair)).toEqual(expected);
  expect(states.msPerRow).toBe(7);
  await expect(states.of('d')).rejects.toThrow(/no cached states of pair d/);
  await states.close();
  expect(await openHiddenStates(folder, 'other')).toBe('absent');
});

it('makes room by what was unused for longest, and leaves nothing of what was abandoned', async () => {
  const folder = join(root, 'full');
  for (const key of ['first', 'second', 'third']) await write(folder, key);
  await utimes(join(folder, 'second.f32'), new Date(0), new Date(0));
  await write(folder, 'fourth', 3 * 24);
  const files = ['first', 'fourth', 'third'].flatMap((key) => [`${key}.f32`, `${key}.json`]);
  expect((await readdir(folder)).sort()).toEqual(files);
  const writer = await writeHiddenStates(folder, 'fifth', 24);
  await writer?.add('a', PAIRS.a);
  await writer?.abandon();
  expect((await readdir(folder)).sort()).toEqual(files);
});

it('leaves what is being written out of it', async () => {
  const folder = join(root, 'being written');
  const writer = await writeHiddenStates(folder, 'key', 24);
  for (const [pair, states] of Object.entries(PAIRS)) await writer?.add(pair, states);
  await (await writeHiddenStates(folder, 'other', 24, 0))?.abandon();
  await writer?.finish(7);
  expect((await readdir(folder)).sort()).toEqual(['key.f32', 'key.json']);
});

describe('what was left half made', () => {
  const writerOf = async (folder: string) => {
    const writer = await writeHiddenStates(folder, 'key', 24);
    if (writer === null) throw new Error('no room');
    return writer;
  };
  const leftIn = async (name: string): Promise<string> => {
    const folder = join(root, name);
    const writer = await writerOf(folder);
    for (const key of ['a', 'b'] as const) await writer.add(key, PAIRS[key]);
    await writer.leave();
    return folder;
  };

  it('is gone on with, and the whole is what it had been at one go', async () => {
    const folder = await leftIn('resumed');
    expect(await openHiddenStates(folder, 'key')).toBe('absent');
    const writer = await writerOf(folder);
    expect([...writer.begun]).toEqual(['a', 'b']);
    await writer.add('c', PAIRS.c);
    await writer.finish(7);
    await write(join(root, 'at one go'), 'key');
    for (const file of ['key.f32', 'key.json'])
      expect(await readFile(join(folder, file))).toEqual(await readFile(join(root, 'at one go', file)));
    expect((await readdir(folder)).sort()).toEqual(['key.f32', 'key.json']);
  });

  it('is not taken from one who is still writing', async () => {
    const folder = join(root, 'two');
    const [first, second] = [await writerOf(folder), await writerOf(folder)];
    await first.add('a', PAIRS.a);
    await first.leave();
    expect(second.begun.size).toBe(0);
    await second.abandon();

    const [left] = (await readdir(folder)).filter((name) => name.endsWith('.f32'));
    // Another process that lives: the one that started this one.
    const named = (pid: number) => left!.replace(`.${process.pid}-`, `.${pid}-`);
    for (const suffix of ['.f32', '.json'])
      await rename(
        join(folder, left!.replace('.f32', suffix)),
        join(folder, named(process.ppid).replace('.f32', suffix)),
      );
    const third = await writerOf(folder);
    expect(third.begun.size).toBe(0);
    await third.abandon();
    expect(await readdir(folder)).toContain(named(process.ppid));
  });

  it.each([
    ['a flipped bit', 0, 1],
    ['a lost end', 12, 0],
  ])('is begun anew after %s', async (name, keptBytes, flip) => {
    const folder = await leftIn(name);
    const [left] = (await readdir(folder)).filter((file) => file.endsWith('.f32'));
    const file = await open(join(folder, left!), 'r+');
    if (flip) await file.write(Uint8Array.of(99), 0, 1, 2);
    else await file.truncate(keptBytes);
    await file.close();
    const writer = await writerOf(folder);
    expect(writer.begun.size).toBe(0);
    for (const [key, states] of Object.entries(PAIRS)) await writer.add(key, states);
    await writer.finish(7);
    const states = await openHiddenStates(folder, 'key');
    if (typeof states === 'string') throw new Error(states);
    expect(await states.of('c')).toEqual(PAIRS.c);
    await states.close();
  });
});
