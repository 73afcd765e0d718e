import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../data/testProject.ts';
import { mapPath, readMap, type StoredMap, writeMap } from './mapFile.ts';

const MAP: StoredMap = {
  settings: { method: 'tsne', features: 'codes', seed: 7 },
  fingerprint: 'abc',
  rows: 2,
  prompts: 3,
  promptIds: Uint32Array.of(1, 70_000),
  places: Uint16Array.of(0, 65_535, 32_768, 1),
  kept: 0.5,
  explained: null,
  probe: { features: 0.9, picture: null, commonest: 0.5, prompts: 2 },
};

it('reads a picture as it was written, and refuses one that is cut', async () => {
  const path = mapPath(temporaryFolder(), 40, MAP.settings);
  expect(readMap(path)).toBeNull();
  await writeMap(path, MAP);
  expect(readMap(path)).toEqual(MAP);
  truncateSync(path, 30);
  expect(() => readMap(path)).toThrow(/damaged/);
  expect(mapPath('run', 40, { ...MAP.settings, seed: 8 })).toBe(join('run', 'maps', '40-codes-tsne-8.map'));
});
