/** The forward pass against values from an independent float64 implementation over the original checkpoint. */

import { describe, expect, it } from 'vitest';
import type { Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { unwrap } from '#core/result.ts';
import { needing } from '#disk/testNeeds.ts';
import { type BackboneRow, backboneHidden } from './llama.ts';
import { targetLogProbabilities } from './logProbabilities.ts';
import { openModelFolder } from './modelFolder.ts';
import { linear } from './ops.ts';
import { largestDifference, readGolden, runOnce, storiesDir, storiesMissing } from './testModel.ts';
import { lmHeadName } from './weightNames.ts';

const PADDING = 5;

describe('stories260K', needing(storiesMissing), () => {
  it.each(['onnx-cpu', 'tfjs-wasm', 'tfjs-cpu'] as const)(
    '%s reproduces hidden states, logits and log-probabilities',
    async (engine) => {
      const { config, tensors } = unwrap(await openModelFolder(storiesDir));
      for (const golden of readGolden().forward) {
        const length = golden.ids.length;
        const total = length + PADDING;
        const inputs = {
          tokens: Int32Array.from({ length: total }, (_, index) => golden.ids[index] ?? 0),
          positions: Int32Array.from({ length: total }, (_, index) => (index < length ? index : 0)),
          pairOf: Int32Array.from({ length: total }, (_, index) => (index < length ? 0 : -1)),
          branch: new Int32Array(total),
          targets: Int32Array.from(golden.ids.slice(1)),
        };
        const outputs = await runOnce(engine, inputs, tensors, (row, weights) => {
          const weight = (name: string): Tensor => weights[name] as Tensor;
          const hidden = backboneHidden(config, weight, row as unknown as BackboneRow);
          const last = tf.slice(hidden, [length - 1, 0], [1, config.hiddenSize]);
          const head = weight(lmHeadName(config));
          const predicting = tf.slice(hidden, [0, 0], [length - 1, config.hiddenSize]);
          return {
            hidden: last,
            logits: linear(last, head),
            logProbabilities: targetLogProbabilities(predicting, head, row.targets as Tensor),
          };
        });
        expect(largestDifference(outputs.hidden!, golden.last_hidden)).toBeLessThan(1e-4);
        expect(largestDifference(outputs.logits!, golden.last_logits)).toBeLessThan(1e-4);
        expect(largestDifference(outputs.logProbabilities!, golden.token_logprobs)).toBeLessThan(1e-4);
      }
    },
  );
});
