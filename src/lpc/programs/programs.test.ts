/** What the paper's equations promise of whole programs, on a real small model. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '#compute/index.ts';
import type { Engine, NamedData, TensorData } from '#compute/program.ts';
import { randomSource } from '#core/random.ts';
import { unwrap } from '#core/result.ts';
import { DEFAULT_LATENT, DEFAULT_RUN, type LatentConfig, type RunConfig } from '#core/runConfig.ts';
import { needing } from '#disk/testNeeds.ts';
import { type ModelFolder, openModelFolder } from '../backbone/modelFolder.ts';
import { largestDifference, storiesDir, storiesMissing } from '../backbone/testModel.ts';
import type { EncodedPair } from '../packing/encode.ts';
import { packedRow } from '../packing/pack.ts';
import type { RowShape } from '../packing/shape.ts';
import { setInitialEngineState } from '../train/initialEngineState.ts';
import { optionsFor, ready } from '../train/programs.ts';
import { openStepRunner } from '../train/stepRunner.ts';
import { evaluationProgram } from './evaluationProgram.ts';
import { parameterGroups } from './policy.ts';

let model: ModelFolder;
beforeAll(async () => {
  if (storiesMissing === null) model = unwrap(await openModelFolder(storiesDir));
});
const engines: Engine[] = [];
afterAll(async () => {
  for (const engine of engines) await engine.dispose();
});

const random = randomSource({ seed: 5, stream: 'test.programs', counter: 0 });
const ids = (count: number): Int32Array => Int32Array.from({ length: count }, () => random.integer(512));
const PAIRS: readonly EncodedPair[] = Array.from({ length: 8 }, (_, index) => ({
  pairId: `pair ${index}`,
  promptId: `prompt ${index}`,
  prompt: ids(3 + (index % 3)),
  chosen: ids(2 + (index % 4)),
  rejected: ids(5 - (index % 3)),
  cut: { prompt: 0, chosen: 0, rejected: 0 },
}));
const WIDE: RowShape = { tokens: 128, responses: 80, pairs: 8 };
const NARROW: RowShape = { tokens: 16, responses: 10, pairs: 1 };

const configOf = (latent: Partial<LatentConfig> | null, changed: Partial<RunConfig> = {}): RunConfig => ({
  ...DEFAULT_RUN,
  trainable: 'heads',
  headsFirst: 0,
  warmupSteps: 0,
  steps: 10,
  objective: 'simpo',
  beta: 2,
  latent: latent && { ...DEFAULT_LATENT, codes: 6, batchEntropyBonus: 0, ...latent },
  ...changed,
});

async function engineFor(config: RunConfig): Promise<Engine> {
  const { engine } = unwrap(await createEngine('onnx-cpu'));
  engines.push(engine);
  await setInitialEngineState(engine, config, model);
  return engine;
}

/** Trains two steps on all eight pairs, in rows of a shape; gives the weights and the gradients' norm. */
async function trainedIn(
  shape: RowShape,
  config: RunConfig,
): Promise<{ weights: NamedData; gradNorm: number }> {
  const engine = await engineFor(config);
  const stage = config.trainable === 'heads' ? 'heads' : 'all';
  const runner = await openStepRunner(engine, optionsFor({ config, model, shape }, stage), null);
  const rows = PAIRS.flatMap((_, index) =>
    index % shape.pairs === 0 ? [packedRow(PAIRS.slice(index, index + shape.pairs), shape)] : [],
  );
  let gradNorm = 0;
  for (const step of [0, 1]) {
    const outputs = await runner.run(step, rows, (row) => row.inputs);
    if (outputs !== null) gradNorm = outputs.gradNorm;
  }
  const groups = parameterGroups(config, model.config);
  const weights = await engine.getState(Object.keys({ ...groups.heads, ...groups.backbone }));
  return { weights, gradNorm };
}

describe('programs on stories260K', needing(storiesMissing), () => {
  it('blocks computed again in the backward pass drop the same inputs: LoRA with dropout', async () => {
    const config = configOf(null, { trainable: 'lora', learningRate: 1e-3, loraDropout: 0.3 });
    const kept = await trainedIn(WIDE, config);
    const again = await trainedIn(WIDE, { ...config, recompute: true });
    const without = await trainedIn(WIDE, { ...config, loraDropout: 0 });
    expect(Math.abs(again.gradNorm / kept.gradNorm - 1)).toBeLessThan(1e-5);
    // The dropout is felt, so that another mask would be seen.
    expect(Math.abs(without.gradNorm / kept.gradNorm - 1)).toBeGreaterThan(1e-3);
    const names = Object.keys(kept.weights);
    const gaps = names.map((name) => largestDifference(kept.weights[name]!, again.weights[name]!));
    // 3 % of a step of 1e-3, for the reason given below.
    expect(Math.max(...gaps)).toBeLessThan(3e-5);
  });

  describe('accumulation', () => {
    /** Of weights, absolutely, and of the gradients' norm, relatively: AdamW hides a wrong scale, the norm doesn't. */
    const differences = async (config: RunConfig) => {
      const one = await trainedIn(WIDE, config);
      const eight = await trainedIn(NARROW, { ...config, accumulation: 8 });
      const names = Object.keys(one.weights);
      const of = (name: string) => largestDifference(one.weights[name]!, eight.weights[name]!);
      return {
        weights: Math.max(...names.map(of)),
        norm: Math.abs(eight.gradNorm / one.gradNorm - 1),
      };
    };
    it.each([
      ['latent and noise included', configOf({}, { headsLearningRate: 1e-4 })],
      ['LoRA', configOf(null, { trainable: 'lora', learningRate: 1e-4, loraTargets: ['q_proj'] })],
    ])('makes 1 × 8 pairs the same step as 8 × 1: %s', async (_, config) => {
      const { weights, norm } = await differences(config);
      // 3 % of one step of 1e-4: AdamW divides gradients near zero by their own size, and their rounding with them.
      expect(weights).toBeLessThan(3e-6);
      expect(norm).toBeLessThan(1e-5);
    });
    it('leaves the batch-entropy bonus a bonus by row, so that single pairs have none', async () => {
      const config = configOf({ batchEntropyBonus: 5 }, { headsLearningRate: 1e-4 });
      const [with_, without] = [
        await trainedIn(NARROW, { ...config, accumulation: 8 }),
        await trainedIn(NARROW, { ...configOf({}, { headsLearningRate: 1e-4 }), accumulation: 8 }),
      ];
      expect(largestDifference(with_.weights.codebook!, without.weights.codebook!)).toBeLessThan(1e-6);
      expect((await differences(config)).weights).toBeGreaterThan(1e-5);
    });
  });

  const stepOutputs = async (engine: Engine, config: RunConfig) => {
    const runner = await openStepRunner(engine, optionsFor({ config, model, shape: WIDE }, 'heads'), null);
    const { rows } = (await runner.run(0, [packedRow(PAIRS, WIDE)], (row) => row.inputs))!;
    await runner.dispose();
    return rows[0] as NamedData;
  };
  const replace = async (
    engine: Engine,
    config: RunConfig,
    change: (name: string, data: TensorData) => void,
  ) => {
    const specs = parameterGroups(config, model.config).heads;
    const state = await engine.getState(Object.keys(specs));
    const changed = Object.entries(specs).map(([name, spec]) => {
      const data = (state[name] as TensorData).slice() as TensorData;
      change(name, data);
      return [name, { spec, data }] as const;
    });
    await engine.setState(Object.fromEntries(changed));
  };

  it('at g = 1 replies do not depend on the posterior, bit for bit; at g = 0 they do', async () => {
    for (const [priorShare, same] of [
      ['prior-only', true],
      ['posterior-only', false],
    ] as const) {
      const config = configOf({ priorShare, klWeight: 0 }, { headsLearningRate: 1e-30 });
      const engine = await engineFor(config);
      const before = await stepOutputs(engine, config);
      await replace(engine, config, (name, data) => {
        if (name.startsWith('posterior'))
          for (const [index, value] of data.entries()) data[index] = 3 * value + 1;
      });
      const after = await stepOutputs(engine, config);
      const equal = before.logps!.every((value, index) => Object.is(value, after.logps![index]));
      expect(equal, priorShare).toBe(same);
    }
  });

  it.each(['codebook', 'gaussian'] as const)(
    'KL is 0 where the posterior says what the prior says: %s',
    async (kind) => {
      const config = configOf({ kind, inference: 'argmax' });
      const engine = await engineFor(config);
      await replace(engine, config, (name, data) => {
        if (/^(prior|posterior)\.output\.weight$/.test(name)) data.fill(0);
        if (/^(prior|posterior)\.output\.bias$/.test(name))
          for (const index of data.keys()) data[index] = index / 10;
      });
      const program = await ready(
        engine,
        evaluationProgram(optionsFor({ config, model, shape: WIDE }, 'heads')),
      );
      const row = packedRow(PAIRS, WIDE);
      const outputs = await program.run({ ...row.inputs, reference: new Float32Array(2 * WIDE.pairs) });
      expect([...outputs.kl!]).toEqual(new Array(8).fill(0));
      expect([...outputs.posteriorMargin!]).toEqual([...outputs.margin!]);
    },
  );

  it('swapping chosen and rejected negates the margin, and swaps posterior and swapped margins', async () => {
    const config = configOf({});
    const engine = await engineFor(config);
    const program = await ready(
      engine,
      evaluationProgram(optionsFor({ config, model, shape: WIDE }, 'heads')),
    );
    const run = (pairs: readonly EncodedPair[]) =>
      program.run({ ...packedRow(pairs, WIDE).inputs, reference: new Float32Array(2 * WIDE.pairs) });
    const given = await run(PAIRS);
    const turned = await run(
      PAIRS.map((pair) => ({ ...pair, chosen: pair.rejected, rejected: pair.chosen })),
    );
    const negated = (values: TensorData) => values.map((value) => -value);
    expect(largestDifference(negated(turned.margin!), given.margin!)).toBeLessThan(1e-4);
    expect(largestDifference(negated(turned.posteriorMargin!), given.swappedMargin!)).toBeLessThan(1e-4);
  });

  it('codes in another order, with their rows of prior and posterior, change nothing', async () => {
    const config = configOf({});
    const engine = await engineFor(config);
    const order = [3, 0, 5, 1, 4, 2];
    const program = await ready(
      engine,
      evaluationProgram(optionsFor({ config, model, shape: WIDE }, 'heads')),
    );
    const row = packedRow(PAIRS, WIDE);
    const run = () => program.run({ ...row.inputs, reference: new Float32Array(2 * WIDE.pairs) });
    const before = await run();
    await replace(engine, config, (name, data) => {
      if (name !== 'codebook' && !name.includes('output')) return;
      const [values, width] = [data.slice(), data.length / order.length];
      for (const [to, from] of order.entries())
        data.set(values.subarray(from * width, (from + 1) * width) as never, to * width);
    });
    const after = await run();
    for (const name of ['margin', 'posteriorMargin', 'swappedMargin', 'kl', 'logps'])
      expect(largestDifference(after[name]!, before[name]!), name).toBeLessThan(1e-4);
    expect(largestDifference(after.prior!, before.prior!)).toBeGreaterThan(1e-3);
  });

  it('z = 0 is the plain policy, at the head and in the layers; another z in the layers is not', async () => {
    const margins = async (latent: Partial<LatentConfig> | null) => {
      const config = configOf(latent);
      const engine = await engineFor(config);
      const program = await ready(
        engine,
        evaluationProgram(optionsFor({ config, model, shape: WIDE }, 'heads')),
      );
      const outputs = await program.run({
        ...packedRow(PAIRS, WIDE).inputs,
        reference: new Float32Array(2 * WIDE.pairs),
      });
      return outputs.logps!;
    };
    const plain = await margins({ kind: 'bias' });
    expect(largestDifference(await margins({ kind: 'bias', injection: 'layers' }), plain)).toBeLessThan(1e-4);
    expect(largestDifference(await margins({ kind: 'mlp' }), plain)).toBe(0);
    expect(
      largestDifference(await margins({ injection: 'layers', injectionLayers: 5 }), plain),
    ).toBeGreaterThan(1e-3);
  });
});
