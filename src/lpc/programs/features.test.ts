/** a(y) against finite differences of log π(y|x, z) in z, on a real small model. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '#compute/index.ts';
import type { Engine, TensorData } from '#compute/program.ts';
import { normals } from '#core/random.ts';
import { unwrap } from '#core/result.ts';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { needing } from '#disk/testNeeds.ts';
import { openModelFolder } from '../backbone/modelFolder.ts';
import { storiesDir, storiesMissing } from '../backbone/testModel.ts';
import { packedRow } from '../packing/pack.ts';
import { setInitialEngineState } from '../train/initialEngineState.ts';
import { optionsFor, ready } from '../train/programs.ts';
import { evaluationProgram } from './evaluationProgram.ts';
import { featuresProgram } from './featuresProgram.ts';

const CONFIG: RunConfig = {
  ...DEFAULT_RUN,
  trainable: 'heads',
  latent: { ...DEFAULT_LATENT, kind: 'bias', pooling: 'last' },
};
const PAIRS = [
  [
    [3, 80, 12],
    [40, 41, 42, 2],
    [50, 2],
  ],
  [[9, 9], [100], [7, 300, 301]],
].map(([prompt, chosen, rejected], index) => ({
  pairId: String(index),
  promptId: String(index),
  prompt: Int32Array.from(prompt as number[]),
  chosen: Int32Array.from(chosen as number[]),
  rejected: Int32Array.from(rejected as number[]),
  cut: { prompt: 0, chosen: 0, rejected: 0 },
}));
const SHAPE = { tokens: 32, responses: 16, pairs: 4 };
const SMALL = 1e-2;

describe('features of replies', needing(storiesMissing), () => {
  let engine: Engine;
  beforeAll(async () => {
    if (storiesMissing === null) engine = unwrap(await createEngine('onnx-cpu')).engine;
  });
  afterAll(() => engine?.dispose());

  it('are the slope of each reply’s log-probability in z, and nothing for slots without a reply', async () => {
    const model = unwrap(await openModelFolder(storiesDir));
    await setInitialEngineState(engine, CONFIG, model);
    const d = model.config.hiddenSize;
    const row = packedRow(PAIRS, SHAPE);
    const options = optionsFor({ config: CONFIG, model, shape: SHAPE }, 'heads');
    const features = await (await ready(engine, featuresProgram(options))).run(row.inputs);
    const evaluate = await ready(engine, evaluationProgram(options));
    const direction = normals({ seed: 1, stream: 'test.features', counter: 0 }, d);
    const logpsAt = async (length: number): Promise<TensorData> => {
      const data = direction.map((value) => length * value) as Float32Array<ArrayBuffer>;
      await engine.setState({ 'vector.bias': { spec: { shape: [d], dtype: 'float32' }, data } });
      const { logps } = await evaluate.run({ ...row.inputs, reference: new Float32Array(8) });
      return logps as TensorData;
    };
    const [above, below] = [await logpsAt(SMALL), await logpsAt(-SMALL)];
    for (const [side, name] of ['features.chosen', 'features.rejected'].entries()) {
      const found = features[name] as Float32Array;
      for (const pair of PAIRS.keys()) {
        const slope = direction.reduce((sum, value, at) => sum + value * (found[pair * d + at] as number), 0);
        const at = 2 * pair + side;
        const measured = ((above[at] as number) - (below[at] as number)) / (2 * SMALL);
        expect(Math.abs(slope - measured)).toBeLessThan(5e-3 * Math.max(1, Math.abs(measured)));
      }
      expect(found.subarray(PAIRS.length * d).every((value) => value === 0)).toBe(true);
    }
    expect(features['features.prompt']).toHaveLength(SHAPE.pairs * d);
  });
});
