/** A short run of `npm run torture`: one kill in the midst of each kind of work. Of training, which has its own tests, the power cut. */
import { expect, it } from 'vitest';
import { torture } from '../torture/torture.ts';

it('loses nothing that was acknowledged to a kill or a power cut', async () => {
  const scenes = ['power-cut', 'import', 'backup', 'export', 'migrate', 'power-cut-train'] as const;
  const found = await torture({ seed: 1, rounds: scenes.length, scenes });
  expect(found).toMatchObject({
    ...{ rounds: 6, killed: 6, lostVerdicts: 0, damaged: 0, halfImports: 0, missingFiles: 0 },
    ...{ resumes: 1, resumesIdentical: 1 },
  });
  expect(found.acknowledged).toBeGreaterThan(3);
}, 400_000);
