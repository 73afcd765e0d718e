import { describe, expect, it } from 'vitest';
import { isSpecial, namedTokens, visible } from './tokenWords.ts';

const token = (text: string, trained = true) => ({ id: 1, text, trained });
const view = {
  prompt: [token('<s>', false)],
  a: [token('Water'), token(' it'), token('</s>')],
  b: [token('Water'), token(' nothing'), token('</s>')],
  promptCut: 0,
  aCut: 0,
  bCut: 2,
};

describe('tokens in words', () => {
  it.each(['<s>', '</s>', '<|im_start|>', '<|eot_id|>', '[INST]', '[/INST]', '<unk>', '<end_of_turn>'])(
    'takes %s for special',
    (text) => expect(isSpecial(text)).toBe(true),
  );
  it.each(['<', '<3', '< s >', ' [a]', 'x<y>', '<0x0A>', '[1]'])('takes %s for text', (text) =>
    expect(isSpecial(text)).toBe(false),
  );

  it('makes blanks visible, and nothing too', () => {
    expect(visible(' a\t\n')).toBe('·a→⏎');
    expect(visible('')).toBe('∅');
  });

  it('gives each reply its tokens under the name and in the place it has on screen', () => {
    const named = namedTokens(view, [
      { key: 'b', name: 'Left' },
      { key: 'a', name: 'Right' },
    ]);
    expect(named.map(({ name, cut, tokens }) => [name, cut, tokens[1]?.text])).toEqual([
      ['Left', 2, ' nothing'],
      ['Right', 0, ' it'],
    ]);
  });
});
