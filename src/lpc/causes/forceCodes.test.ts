import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CausesResult } from '#core/jobs.ts';
import { QUICK_RUN } from '#core/presets.ts';
import { DEFAULT_LATENT, type RunConfig } from '#core/runConfig.ts';
import { needing } from '#disk/testNeeds.ts';
import { storiesMissing } from '../backbone/testModel.ts';
import { causesJob } from '../jobs/causes.ts';
import { framesOf, LATENT, politePairs, resultOf, runIn, temporaryRoot } from '../train/testRun.ts';

let root = '';
let remove: () => Promise<void> = async () => undefined;
beforeAll(async () => {
  ({ root, remove } = await temporaryRoot());
});
afterAll(() => remove());

/** Two sources, so that there are groups. */
const pairs = politePairs(40).map((pair, row) => ({ ...pair, source: row % 2 === 0 ? 'even' : 'odd' }));

/** As the robust setting has it, of a size that these pairs can fill. */
const WHITENED = {
  ...DEFAULT_LATENT,
  ...QUICK_RUN.latent,
  codes: 8,
  promptDirections: 8,
  codeDirections: 8,
} as const;

/** By the strongest code alone, so that the prior's own margin is that of a forced code. */
const ARGMAX = { ...LATENT, codebookInitStd: 0.5, inference: 'argmax' } as const;
const RUNS: Readonly<Record<string, Partial<RunConfig>>> = {
  'heads over cached states': { trainable: 'heads', latent: ARGMAX, steps: 12 },
  'codes in directions that the data choose': {
    trainable: 'heads',
    latent: { ...WHITENED, inference: 'argmax' },
    steps: 4,
  },
  'an adapter': { trainable: 'lora', latent: ARGMAX, steps: 12, headsFirst: 0, learningRate: 3e-3 },
  'every weight': { trainable: 'full', latent: ARGMAX, steps: 12, headsFirst: 0, learningRate: 1e-3 },
  'z in the layers under an adapter': {
    trainable: 'lora',
    latent: { ...ARGMAX, injection: 'layers' },
    steps: 12,
    headsFirst: 0,
    learningRate: 3e-3,
  },
};

describe('forcing codes on stories260K', needing(storiesMissing), () => {
  it.each(Object.entries(RUNS))('gives the margins of z = e_k: %s', async (_, changed) => {
    const run = await runIn(root, pairs, changed);
    const { modelDir, datasetPath, cacheDir } = run.job;
    const { checkpointDir } = run.result;
    const job = {
      kind: 'causes',
      modelDir,
      checkpointDir,
      datasetPath,
      cacheDir,
      engine: 'onnx-cpu',
    } as const;
    const result: CausesResult = await resultOf(causesJob(job, new AbortController().signal));
    expect(result.pairs).toHaveLength(pairs.length);
    const known = result.pairs.filter(({ strongest }) => result.codes.includes(strongest));
    expect(known.length).toBeGreaterThan(20);
    for (const { strongest, margin, forced } of known)
      expect(forced[result.codes.indexOf(strongest)]).toBeCloseTo(margin, 4);
    // Without z heads alone are the base model, which is the reference of its own margins.
    if (changed.trainable === 'heads') for (const { off } of result.pairs) expect(off).toBeCloseTo(0, 4);
    // One mixture for all lies among the codes that it mixes, and differs from no z at all.
    expect(result.pairs.some(({ off, shared }) => Math.abs(off - shared) > 1e-5)).toBe(true);
    // Codes differ in what they do, or forcing would show nothing.
    if (result.codes.length > 1)
      expect(result.pairs.some(({ forced }) => Math.abs((forced[0] ?? 0) - (forced[1] ?? 0)) > 1e-4)).toBe(
        true,
      );
  });

  it('measures the held-out pairs of a run at its end, before its last evaluation', async () => {
    const { frames, evaluations } = await runIn(root, pairs, {
      ...RUNS['heads over cached states'],
      evaluateEvery: 6,
      heldOutShare: 0.5,
    });
    const [causes, ...others] = framesOf(frames, 'causes');
    expect(others).toEqual([]);
    expect(causes).toMatchObject({ step: 12, groupedBy: 'source', codesLeftOut: 0, reason: null });
    expect(causes?.causes?.groups).toEqual(['even', 'odd']);
    expect(causes?.causes?.effects).toHaveLength(2 * (causes?.causes?.codes.length ?? 0));
    expect(evaluations.map(({ causalRecovery }) => causalRecovery)).toEqual([null, causes?.causes?.recovery]);
    expect(evaluations.at(-1)?.codesInUse).toBe(causes?.causes?.codes.length);
  });

  it('says why where there are no groups, and says nothing where there are no codes', async () => {
    const one = await runIn(root, politePairs(20), { trainable: 'heads', latent: ARGMAX, steps: 2 });
    expect(framesOf(one.frames, 'causes')[0]).toMatchObject({
      causes: null,
      reason: expect.stringMatching(/one source/),
    });
    expect(one.evaluations.at(-1)?.causalRecovery).toBeNull();
    const plain = await runIn(root, pairs, {
      trainable: 'heads',
      latent: { ...LATENT, kind: 'mlp' },
      steps: 2,
    });
    expect(framesOf(plain.frames, 'causes')).toEqual([]);
    expect(plain.evaluations.at(-1)?.codesInUse).toBeNull();
  });
});
