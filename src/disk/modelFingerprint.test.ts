import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { hashText } from './hash.ts';
import { modelFingerprint, weightHashes } from './modelFingerprint.ts';

const root = await mkdtemp(join(tmpdir(), 'facet-model-'));
afterAll(() => rm(root, { recursive: true, force: true }));
const cache = join(root, 'cache');

it('names a model by its weights, config and tokenizer, remembered or not', async () => {
  const write = (name: string, text: string) => writeFile(join(root, name), text);
  await write('config.json', '{}');
  await write('model.safetensors', 'weights');
  await write('README.md', 'words');
  const before = await modelFingerprint(root, null);
  await write('README.md', 'other words');
  expect(await modelFingerprint(root, null)).toBe(before);
  // Hashed, then remembered.
  expect(await modelFingerprint(root, cache)).toBe(before);
  expect(await modelFingerprint(root, cache)).toBe(before);
  await write('model.safetensors', 'other weights');
  expect(await weightHashes(root, cache)).toEqual([hashText('other weights')]);
  const after = await modelFingerprint(root, null);
  expect(after).not.toBe(before);
  expect(await modelFingerprint(root, cache)).toBe(after);
  expect(await readdir(cache)).toEqual(['model-hashes.json']);
});
