import { describe, expect, it } from 'vitest';
import type { Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { unwrap } from '#core/result.ts';
import { backboneHidden } from './llama.ts';
import { targetLogProbabilities } from './logProbabilities.ts';
import { openModelFolder } from './modelFolder.ts';
import { readConstant } from './safetensorsRead.ts';
import { hasStories, largestDifference, readGolden, storiesDir, whyNoStories } from './testModel.ts';
import { lmHeadName } from './weightNames.ts';

describe.skipIf(!hasStories)(`stories260K (${whyNoStories})`, () => {
  it('eager', async () => {
    await tf.setBackend('cpu');
    const model = unwrap(await openModelFolder(storiesDir));
    console.log(model.info);
    const weights: Record<string, Tensor> = {};
    for (const [name, constant] of Object.entries(model.tensors))
      weights[name] = tf.tensor(await readConstant(constant), constant.spec.shape as number[]);
    for (const golden of readGolden().forward) {
      const T = golden.ids.length;
      const hidden = backboneHidden(model.config, (n) => weights[n] as Tensor, {
        tokens: tf.tensor1d(golden.ids as number[], 'int32'),
        positions: tf.range(0, T, 1, 'int32'),
        pairOf: tf.zeros([T], 'int32'),
        branch: tf.zeros([T], 'int32'),
      });
      const data = hidden.dataSync();
      expect(largestDifference(data.slice((T - 1) * 64), golden.last_hidden)).toBeLessThan(1e-4);
      const lp = targetLogProbabilities(
        hidden.slice([0, 0], [T - 1, 64]),
        weights[lmHeadName(model.config)] as Tensor,
        tf.tensor1d(golden.ids.slice(1), 'int32'),
      );
      expect(largestDifference(lp.dataSync(), golden.token_logprobs)).toBeLessThan(1e-4);
    }
  });
});
