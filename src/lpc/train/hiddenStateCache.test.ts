import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { needing } from '#disk/testNeeds.ts';
import type { ModelFolder } from '../backbone/modelFolder.ts';
import { largestDifference, storiesDir, storiesMissing } from '../backbone/testModel.ts';
import { packRows } from '../packing/pack.ts';
import { backbonePasses } from './backbonePasses.ts';
import { hiddenStateBytes, worthCaching } from './hiddenStateCache.ts';
import { exchangedStates, hiddenStateLayout } from './hiddenStateLayout.ts';
import { prepareRun } from './prepare.ts';
import { openStage } from './stage.ts';
import {
  type FinishedRun,
  framesOf,
  LATENT,
  politePairs,
  resultOf,
  runAgain,
  runIn,
  temporaryRoot,
} from './testRun.ts';

let root = '';
let remove: () => Promise<void> = async () => undefined;
beforeAll(async () => {
  ({ root, remove } = await temporaryRoot());
});
afterAll(() => remove());

const pair = (chosen: number, rejected: number) => ({
  pairId: 'x',
  promptId: 'x',
  prompt: new Int32Array(5),
  chosen: new Int32Array(chosen),
  rejected: new Int32Array(rejected),
  cut: { prompt: 0, chosen: 0, rejected: 0 },
});

describe('worthCaching', () => {
  it('counts a vector a reply token, or a token where z enters the layers, and four a pair', () => {
    const pairs = [pair(3, 4), pair(1, 2)];
    expect(hiddenStateBytes(hiddenStateLayout(64, false, 'last'), pairs)).toBe((7 + 4 + 3 + 4) * 64 * 4);
    expect(hiddenStateBytes(hiddenStateLayout(64, true, 'last'), pairs)).toBe((12 + 4 + 8 + 4) * 64 * 4);
  });
  it('wants repetition and room', () => {
    expect(worthCaching(1024, 1.5)).toBe(true);
    expect(worthCaching(1024, 1)).toBe(false);
    expect(worthCaching(2 ** 40, 2)).toBe(false);
  });
});

describe('backbonePasses', () => {
  const model = { config: { hiddenSize: 64, layers: 2 } } as unknown as ModelFolder;
  const plain: RunConfig = {
    ...DEFAULT_RUN,
    objective: 'simpo',
    trainable: 'heads',
    latent: { ...LATENT, kind: 'bias' },
    steps: 120,
    evaluateEvery: 0,
  };
  const passes = (changed: Partial<RunConfig>, reference: ModelFolder | null = null): number =>
    backbonePasses(
      { config: { ...plain, ...changed }, model, reference },
      { count: 4096, stepsPerEpoch: 300, heldOutShare: 0.25 },
    );
  it('counts steps and evaluations by their share of the pairs', () => {
    expect(passes({})).toBeCloseTo(0.75 * (120 / 300) + 0.25);
    expect(passes({ evaluateEvery: 40 })).toBeCloseTo(0.3 + 3 * 0.25);
    expect(passes({ evaluateEvery: 50 })).toBeCloseTo(0.3 + 3 * 0.25);
    // Codes are forced once more.
    expect(passes({ latent: LATENT })).toBeCloseTo(0.3 + 2 * 0.25);
    expect(passes({ trainable: 'lora', headsFirst: 0.5 })).toBeCloseTo(0.15);
  });
  it('counts a reference that is the same model’s, which reads every pair, and the pairs that directions are found in', () => {
    expect(passes({ objective: 'dpo' })).toBeCloseTo(1.55);
    expect(passes({ objective: 'dpo' }, model)).toBeCloseTo(0.55);
    expect(passes({ objective: 'kto' })).toBeCloseTo(0.55);
    expect(passes({ latent: { ...LATENT, promptDirections: 8 } })).toBeCloseTo(0.3 + 2 * 0.25 + 0.5);
    // Below the head neither is read off what is kept.
    const layers = { ...LATENT, injection: 'layers' as const };
    expect(passes({ objective: 'dpo', latent: layers })).toBeCloseTo(0.8);
  });
});

describe('cached states on stories260K', needing(storiesMissing), () => {
  it('go on where a run was stopped or killed in the midst of them, and give the same run', async () => {
    const pairs = politePairs(40);
    const settings = { trainable: 'heads' as const, steps: 20, heldOutShare: 0.25 };
    const whole = await runIn(root, pairs, settings);
    const midway = (frame: RunFrame) =>
      frame.type === 'phase' && frame.phase === 'reference' && frame.done > 0 && frame.done < frame.total;
    const job = { ...whole.job, runDir: join(root, 'halved'), cacheDir: join(root, 'halved-cache') };
    const killed = new Error('killed');
    // A clock on which each row takes long enough to be reported.
    let clockMs = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (clockMs += 250));
    await expect(
      runAgain(job, (frame) => {
        if (midway(frame)) throw killed;
      }),
    ).rejects.toBe(killed);
    clock.mockRestore();
    const resumed = await runAgain(job);
    const notes = framesOf(resumed.frames, 'phase').flatMap(({ phase, note }) =>
      phase === 'reference' && note ? [note] : [],
    );
    expect(notes[0]).toMatch(/^Going on with the hidden states: \d+ of 40 pairs are there\.$/);
    expect(notes[1]).toMatch(/^Kept the hidden states of 40 pairs/);
    expect(resumed.steps.map(({ loss }) => loss)).toEqual(whole.steps.map(({ loss }) => loss));
  });

  it('serve a run that pools prompts otherwise, and give it what its own pass would', async () => {
    const pairs = politePairs(24);
    const settings = { trainable: 'heads' as const, steps: 20 };
    const pooled = (pooling: 'last' | 'mean') => ({ ...settings, latent: { ...LATENT, pooling } });
    const first = await runIn(root, pairs, pooled('last'));
    const other = { ...first.job, config: { ...first.job.config, ...pooled('mean') } };
    const shared = await runAgain({ ...other, runDir: join(root, 'shared') });
    const alone = await runAgain({
      ...other,
      runDir: join(root, 'alone'),
      cacheDir: join(root, 'own-cache'),
    });
    const notes = ({ frames }: Pick<FinishedRun, 'frames'>) =>
      framesOf(frames, 'phase').flatMap(({ note }) => (note?.includes('hidden states') ? [note] : []));
    expect(notes(shared)).toEqual([expect.stringMatching(/^Read the hidden states of 24 pairs/)]);
    expect(notes(alone)).toEqual([expect.stringMatching(/^Kept the hidden states of 24 pairs/)]);
    const losses = ({ steps }: Pick<FinishedRun, 'steps'>) => steps.map(({ loss }) => loss);
    expect(losses(shared)).toEqual(losses(alone));
    expect(losses(shared)).not.toEqual(losses(first));
  });

  it.each([
    ['at the head', false],
    ['in the layers', true],
  ])('of a pair are those of its opposite with the replies exchanged: z %s', async (_, below) => {
    const layout = hiddenStateLayout(1, below, 'mean');
    const one = pair(3, 2);
    const [p, c, r] = below
      ? [
          [1, 2, 3, 4, 5],
          [6, 7, 8],
          [9, 10],
        ]
      : [[], [6, 7, 8], [9, 10]];
    const states = Float32Array.from([...p!, ...c!, ...r!, 19, 20, 21, 22]);
    const opposite = Float32Array.from([...p!, ...r!, ...c!, 19, 20, 22, 21]);
    expect(exchangedStates(layout, one, states)).toEqual(opposite);
    expect(exchangedStates(layout, pair(2, 3), opposite)).toEqual(states);
  });

  it.each([
    ['at the head', LATENT],
    ['in the layers', { ...LATENT, injection: 'layers' as const }],
  ])(
    'give what a pass through the backbone gives, for rows of another composition: z %s',
    async (_, latent) => {
      const { job } = await runIn(root, politePairs(12), { trainable: 'heads', steps: 1, latent });
      const run = await resultOf(prepareRun(job));
      const stop = new AbortController().signal;
      // Few steps whose reference is another model's read no pair twice.
      const stageOf = (steps: number) =>
        resultOf(
          openStage({ ...run, reference: run.model, config: { ...run.config, steps } }, null, 'heads', stop),
        );
      try {
        const [cached, plain] = [await stageOf(100), await stageOf(1)];
        const [row] = packRows([...run.heldOut, ...run.training].reverse(), run.shape);
        const reference = new Float32Array(2 * run.shape.pairs);
        const [known, tokens] = [await cached.rowInputs(row!), await plain.rowInputs(row!)];
        expect(known['states.prompt']).toBeDefined();
        expect(tokens['states.prompt']).toBeUndefined();
        const a = await cached.evaluate.run({ ...known, reference });
        const b = await plain.evaluate.run({ ...tokens, reference });
        for (const name of ['logps', 'posteriorMargin', 'swappedMargin', 'prior', 'kl']) {
          const used = (a[name]!.length / run.shape.pairs) * row!.pairs.length;
          const difference = largestDifference(a[name]!.slice(0, used), b[name]!.slice(0, used));
          expect(difference, name).toBeLessThan(1e-3);
        }
        // z moves the replies: else neither way of adding it would show.
        expect(largestDifference(a.margin!, a.swappedMargin!)).toBeGreaterThan(1e-6);
        await cached.dispose();
        await plain.dispose();
      } finally {
        await run.engine.dispose();
      }
    },
  );

  it('serve a run that takes fewer steps than a pass has, and change none of its figures', async () => {
    const pairs = politePairs(40);
    const settings = { trainable: 'heads' as const, steps: 3, heldOutShare: 0.25 };
    const kept = await runIn(root, pairs, settings);
    expect(
      framesOf(kept.frames, 'phase').some(({ note }) =>
        note?.startsWith('Kept the hidden states of 40 pairs'),
      ),
    ).toBe(true);
    // The same with the backbone run in every step: the reference is the model too, named as another.
    const anew = await runIn(root, pairs, { ...settings, referenceModel: storiesDir });
    expect(framesOf(anew.frames, 'phase').some(({ note }) => note?.includes('hidden states'))).toBe(false);
    for (const [place, { loss, margin }] of kept.steps.entries()) {
      expect(loss).toBeCloseTo(anew.steps[place]!.loss, 4);
      expect(margin).toBeCloseTo(anew.steps[place]!.margin, 3);
    }
    expect(kept.evaluations.at(-1)?.loss).toBeCloseTo(anew.evaluations.at(-1)!.loss, 4);
    expect(kept.evaluations.at(-1)?.accuracy).toBe(anew.evaluations.at(-1)?.accuracy);
  });

  it('are read by a second run, other seed and all, and computed again where the file is damaged', async () => {
    const pairs = politePairs(12);
    const settings = { trainable: 'heads' as const, steps: 12, heldOutShare: 0.25 };
    const first = await runIn(root, pairs, settings);
    const notes = (frames: FinishedRun['frames']) =>
      framesOf(frames, 'phase').flatMap(({ phase, note }) => (phase === 'reference' && note ? [note] : []));
    expect(notes(first.frames)).toEqual([expect.stringMatching(/^Kept the hidden states of 12 pairs/)]);
    const again = (seed: number) => runAgain({ ...first.job, config: { ...first.job.config, seed } });
    const same = await again(1);
    expect(notes(same.frames)).toEqual([expect.stringMatching(/^Read the hidden states of 12 pairs/)]);
    expect(same.steps.map(({ loss }) => loss)).toEqual(first.steps.map(({ loss }) => loss));
    expect(notes((await again(2)).frames)[0]).toMatch(/^Read/);

    // Turned verdicts have the same states.
    const [one, ...others] = pairs;
    const turned = [{ ...one!, chosen: one!.rejected, rejected: one!.chosen }, ...others];
    await writeFile(first.job.datasetPath, turned.map((pair) => JSON.stringify(pair)).join('\n'));
    expect(notes((await again(1)).frames)[0]).toMatch(/^Read/);
    await writeFile(first.job.datasetPath, pairs.map((pair) => JSON.stringify(pair)).join('\n'));

    const folder = join(first.job.cacheDir, 'states');
    const files = (await readdir(folder)).filter((file) => file.endsWith('.f32'));
    const sized = await Promise.all(
      files.map(async (file) => ({ path: join(folder, file), size: (await stat(join(folder, file))).size })),
    );
    // Beside it lie the states of the prompts alone.
    const { path } = sized.sort((a, b) => b.size - a.size)[0]!;
    const bytes = await readFile(path);
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    await writeFile(path, bytes);
    const repaired = await again(1);
    expect(notes(repaired.frames)).toEqual([
      expect.stringMatching(/were damaged/),
      expect.stringMatching(/^Kept/),
    ]);
    expect(repaired.steps.map(({ loss }) => loss)).toEqual(first.steps.map(({ loss }) => loss));
    await truncate(path, 10);
    expect(notes((await again(1)).frames)[0]).toMatch(/were damaged/);
    expect((await readdir(folder)).filter((file) => file.endsWith('.partial'))).toEqual([]);
  });
});
