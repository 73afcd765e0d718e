import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { QUICK_RUN } from '#core/presets.ts';
import { DEFAULT_LATENT } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { needing } from '#disk/testNeeds.ts';
import { storiesMissing } from '../backbone/testModel.ts';
import { framesOf, politePairs, resultOf, runIn, temporaryRoot } from '../train/testRun.ts';
import { candidatesJob } from './candidates.ts';

let root = '';
let remove: () => Promise<void> = async () => undefined;
beforeAll(async () => {
  ({ root, remove } = await temporaryRoot());
});
afterAll(() => remove());

it(
  'fits every candidate to the pairs that are not held out, over the states that a run has kept, the same each time',
  needing(storiesMissing),
  async () => {
    const pairs = politePairs(48).map((pair, row) => ({ ...pair, source: row % 2 === 0 ? 'even' : 'odd' }));
    const latent = {
      ...DEFAULT_LATENT,
      ...QUICK_RUN.latent,
      codes: 4,
      promptDirections: 6,
      codeDirections: 6,
    };
    const { job: trained } = await runIn(root, pairs, { trainable: 'heads', steps: 60, latent });
    const heldOutPromptsPath = join(root, 'held.json');
    writeFileSync(heldOutPromptsPath, JSON.stringify(pairs.slice(0, 8).map(({ promptId }) => promptId)));
    const { config, modelDir, datasetPath, cacheDir } = trained;
    const job = {
      kind: 'candidates',
      config,
      modelDir,
      datasetPath,
      heldOutPromptsPath,
      cacheDir,
      runDir: join(root, 'candidates'),
      splits: 2,
    } as const;
    const frames: RunFrame[] = [];
    const reading = candidatesJob(job, new AbortController().signal);
    let next = await reading.next();
    for (; !next.done; next = await reading.next()) frames.push(next.value);
    const result = next.value;
    expect(result.pairs).toBe(40);
    expect(result.candidates.length).toBeGreaterThan(10);
    for (const { accuracyBySplit, accuracy, codesInUse } of result.candidates) {
      expect(accuracyBySplit).toHaveLength(2);
      expect(accuracy).toBeGreaterThanOrEqual(0);
      expect(codesInUse).toBeGreaterThanOrEqual(1);
    }
    const notes = framesOf(frames, 'phase').map(({ note }) => note ?? '');
    expect(notes.join('\n')).toContain('Read the hidden states of 48 pairs');
    const again = await resultOf(candidatesJob(job, new AbortController().signal));
    const timeless = ({ candidates }: typeof result) => candidates.map(({ seconds: _, ...score }) => score);
    expect(timeless(again)).toEqual(timeless(result));
  },
);
