import { describe, expect, it } from 'vitest';
import { DEFAULT_SAMPLING, type Sampling } from '#core/generation.ts';
import { needing } from '#disk/testNeeds.ts';
import { readGolden, storiesDir, storiesMissing } from '../backbone/testModel.ts';
import { starterDir } from '../export/testExport.ts';
import { Batch } from './batch.ts';
import { openGenerator } from './generator.ts';
import { keyName } from './programs.ts';
import { drawReplies } from './replies.ts';

const GREEDY: Sampling = { ...DEFAULT_SAMPLING, temperature: 0, maxTokens: 40 };
const silent = (): void => undefined;
const never = new AbortController().signal;

describe('stories260K', needing(storiesMissing), () => {
  it.each(['onnx-cpu', 'tfjs-wasm'] as const)('writes the golden greedy text on %s', async (engine) => {
    const generator = await openGenerator(storiesDir, null, engine);
    try {
      const golden = readGolden().greedy;
      const requests = golden.map(({ prompt, ids }) => {
        const encoded = generator.tokenizer.encode(prompt);
        return {
          prompt: encoded,
          sampling: { ...GREEDY, maxTokens: ids.length - encoded.length },
          codes: { mode: 'none' as const },
          sample: 0,
        };
      });
      const { ids } = await drawReplies(generator, requests, silent, never);
      for (const [index, { ids: expected }] of golden.entries()) {
        const whole = [...(requests[index]?.prompt ?? []), ...(ids[index] ?? [])];
        expect(whole).toEqual(expected);
      }
    } finally {
      await generator.dispose();
    }
  });
});

it('frees the caches of shapes that are long out of use', async () => {
  const generator = await openGenerator(starterDir, null, 'onnx-cpu');
  try {
    const prompt = Int32Array.of(1, 5, 9);
    const { cache } = await generator.prefill(prompt, null);
    const shapes = [1, 2, 3, 4, 6, 8, 12, 16].map((rows) => ({ rows, capacity: 256 }));
    for (const { rows } of shapes)
      await Batch.open(generator, Array(rows).fill({ prompt, cache, z: null }), 192);
    const held = async (rows: number): Promise<boolean> =>
      generator.engine.getState([keyName(0, { rows, capacity: 256 })]).then(
        () => true,
        () => false,
      );
    expect(await held(16)).toBe(true);
    expect(await held(1)).toBe(false);
    // Asked for again, it is made again.
    const again = await Batch.open(generator, [{ prompt, cache, z: null }], 192);
    expect((await again.step(() => true)).logits).toHaveLength(generator.model.config.vocabulary);
  } finally {
    await generator.dispose();
  }
});
