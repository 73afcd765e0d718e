import { describe, expect, it } from 'vitest';
import type { PreferencePair } from '#core/preference.ts';
import { splitPairs } from './split.ts';

const pair = (id: number, prompt: number, promptId = `p${prompt}`): PreferencePair => ({
  id: `pair-${id}`,
  promptId,
  source: 's',
  aspect: null,
  messages: [{ role: 'user', content: `prompt ${prompt}` }],
  chosen: 'a',
  rejected: 'b',
});

describe('splitPairs', () => {
  it('never trains on a held-out prompt, whatever its id', () => {
    // Three pairs a prompt; the third carries another id for the same text.
    const pairs = Array.from({ length: 300 }, (_, index) =>
      pair(index, index % 100, index < 200 ? `p${index % 100}` : `copy-${index}`),
    );
    const { training, heldOut, heldOutPromptIds } = splitPairs(pairs, 0.2, 1);
    expect(training.length + heldOut.length).toBe(300);
    const texts = new Set(heldOut.map(({ messages }) => messages[0]?.content));
    expect(heldOut.length).toBe(3 * texts.size);
    expect(training.filter(({ messages }) => texts.has(messages[0]?.content))).toEqual([]);
    expect(heldOutPromptIds.length).toBe(2 * texts.size);
    expect(training.filter(({ promptId }) => heldOutPromptIds.includes(promptId))).toEqual([]);
  });
});
