/** Packed rows with shared prompts against one plain sequence per row. */

import { describe, expect, it } from 'vitest';
import type { NamedData, NamedTensors, Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { unwrap } from '#core/result.ts';
import { needing } from '#disk/testNeeds.ts';
import { type BackboneRow, backboneHidden } from '../backbone/llama.ts';
import { targetLogProbabilities } from '../backbone/logProbabilities.ts';
import { openModelFolder } from '../backbone/modelFolder.ts';
import { largestDifference, runOnce, storiesDir, storiesMissing } from '../backbone/testModel.ts';
import { lmHeadName } from '../backbone/weightNames.ts';
import { openTokenizer } from '../tokens/tokenizer.ts';
import { type EncodedPair, encodePair } from './encode.ts';
import { packRows } from './pack.ts';
import { chooseShape } from './shape.ts';

const LIMITS = { maxPromptTokens: 60, maxReplyTokens: 40, tokenBudget: 320, contextLength: 512 };
const DIALOGUES = [
  ['Tell me a story about a cat.', 'Once there was a cat named Tom.', 'No.'],
  ['What do you like?', 'I like big red balls and my dog.', 'Dogs. They run and play all day in the park.'],
  ['Who is Lily?', 'Lily is a little girl.', 'A tree that was very tall and sad, and the sun was hot.'],
  ['Say hi', 'hi', 'hi hi hi'],
  ['Sing me a very long song about the sea and the boats on it, please.', 'The sea is blue.', 'La la la.'],
] as const;

async function encodeAll(): Promise<EncodedPair[]> {
  const tokenizer = unwrap(await openTokenizer(storiesDir));
  const turned = DIALOGUES.map(
    ([prompt, chosen, rejected]) => [`${prompt} Please.`, rejected, chosen] as const,
  );
  return [...DIALOGUES, ...turned].map(([prompt, chosen, rejected], index) =>
    encodePair(
      tokenizer,
      {
        id: `pair-${index}`,
        promptId: `prompt-${index}`,
        source: 'test',
        aspect: null,
        messages: [{ role: 'user', content: prompt }],
        chosen,
        rejected,
      },
      LIMITS,
    ),
  );
}

/** log p of each reply token, given the prompt, in a row that holds one sequence and nothing else. */
function plainRow(prompt: Int32Array, reply: Int32Array): NamedData {
  const ids = Int32Array.of(...prompt, ...reply);
  return {
    tokens: ids,
    positions: ids.map((_, index) => index),
    pairOf: new Int32Array(ids.length),
    branch: new Int32Array(ids.length),
    responseRows: reply.map((_, index) => prompt.length - 1 + index),
    targets: Int32Array.from(reply),
  };
}

describe('stories260K', needing(storiesMissing), () => {
  it.each(['onnx-cpu', 'tfjs-cpu'] as const)(
    '%s: pairs of a row neither see nor change each other',
    async (engine) => {
      const { config, tensors } = unwrap(await openModelFolder(storiesDir));
      const score = async (inputs: NamedData, span?: number): Promise<Float32Array> => {
        const outputs = await runOnce(engine, inputs, tensors, (row: NamedTensors, weights) => {
          const weight = (name: string): Tensor => weights[name] as Tensor;
          const hidden = backboneHidden(config, weight, {
            ...(row as unknown as BackboneRow),
            ...(span && { span }),
          });
          const responses = tf.gather(hidden, row.responseRows as never);
          const head = weight(lmHeadName(config));
          return { logps: targetLogProbabilities(responses, head, row.targets as Tensor) };
        });
        return outputs.logps as Float32Array;
      };
      const encoded = await encodeAll();
      const shape = chooseShape(encoded, LIMITS.tokenBudget);
      expect(shape.span).toBeLessThan(shape.tokens);
      const rows = packRows(encoded, shape);
      expect(rows.length).toBeGreaterThan(1);
      expect(Math.max(...rows.map((row) => row.pairs.length))).toBeGreaterThan(1);
      // The plain engine is slow: one row shows as much.
      for (const row of engine === 'onnx-cpu' ? rows : rows.slice(0, 1)) {
        const { responseRows, targets, tokens, positions, pairOf, branch, responseSequence } = row.inputs;
        const packed = await score(
          { responseRows, targets, tokens, positions, pairOf, branch } as NamedData,
          shape.span,
        );
        for (const [slot, pair] of row.pairs.entries()) {
          for (const [side, reply] of [pair.chosen, pair.rejected].entries()) {
            const own = packed.filter((_, index) => responseSequence![index] === 2 * slot + side);
            const alone = await score(plainRow(pair.prompt, reply));
            expect(largestDifference(own, alone)).toBeLessThan(1e-4);
          }
        }
      }
    },
  );
});
