/** A short run of `npm run torture`: one kill in the midst of each kind of work. Training has its own tests. */
import { expect, it } from 'vitest';
import { torture } from '../torture/torture.ts';

it('loses nothing that was acknowledged to a kill or a power cut', async () => {
  const scenes = ['power-cut', 'import', 'backup', 'export', 'migrate'] as const;
  const found = await torture({ seed: 1, rounds: scenes.length, scenes });
  expect(found).toMatchObject({
    ...{ rounds: 5, killed: 5, lostVerdicts: 0, damaged: 0, halfImports: 0, missingFiles: 0 },
  });
  expect(found.acknowledged).toBeGreaterThan(3);
}, 240_000);
