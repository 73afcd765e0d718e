import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { needing } from '#disk/testNeeds.ts';
import { storiesDir, storiesMissing } from '../backbone/testModel.ts';
import { tokensJob } from './tokens.ts';

const starterDir = fileURLToPath(new URL('../../../resources/starter', import.meta.url));
const textOf = (pieces: readonly { text: string }[]) => pieces.map(({ text }) => text).join('');
const pair = {
  messages: [{ role: 'user' as const, content: 'What is a kite?' }],
  chosen: 'A toy that flies — naïve, 🪁 and 風.',
  rejected: 'No idea.',
};

describe('tokens of a pair', () => {
  for (const [title, modelDir, missing] of [
    ['the starter model', join(starterDir), null],
    ['stories260K', storiesDir, storiesMissing],
  ] as const) {
    it(`read as the texts do, with the replies alone in the loss: ${title}`, needing(missing), async () => {
      const shown = await tokensJob({ kind: 'tokens', modelDir, ...pair, config: DEFAULT_RUN });
      expect(textOf(shown.prompt)).toContain('What is a kite?');
      expect(textOf(shown.chosen)).toContain(pair.chosen);
      expect(textOf(shown.rejected)).toContain(pair.rejected);
      expect(shown.prompt.every(({ trained }) => !trained)).toBe(true);
      expect([...shown.chosen, ...shown.rejected].every(({ trained }) => trained)).toBe(true);
      expect([shown.promptCut, shown.chosenCut, shown.rejectedCut]).toEqual([0, 0, 0]);
      // The end of turn closes both replies.
      expect(shown.chosen.at(-1)?.id).toBe(shown.rejected.at(-1)?.id);
    });
  }

  it('say what the limits cut', async () => {
    const config = { ...DEFAULT_RUN, maxReplyTokens: 4 };
    const shown = await tokensJob({ kind: 'tokens', modelDir: starterDir, ...pair, config });
    const whole = await tokensJob({ kind: 'tokens', modelDir: starterDir, ...pair, config: DEFAULT_RUN });
    expect(shown.chosen).toHaveLength(4);
    expect(shown.chosenCut).toBe(whole.chosen.length - 4);
  });
});
