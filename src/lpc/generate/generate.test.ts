import { describe, expect, it } from 'vitest';
import { DEFAULT_SAMPLING, type Sampling } from '#core/generation.ts';
import { hasStories, readGolden, storiesDir, storiesTitle } from '../backbone/testModel.ts';
import { openGenerator } from './generator.ts';
import { drawReplies } from './replies.ts';

const GREEDY: Sampling = { ...DEFAULT_SAMPLING, temperature: 0, maxTokens: 40 };
const silent = (): void => undefined;
const never = new AbortController().signal;

describe.skipIf(!hasStories)(storiesTitle, () => {
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
