import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openHiddenStates, writeHiddenStates } from './hiddenStateStore.ts';

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
