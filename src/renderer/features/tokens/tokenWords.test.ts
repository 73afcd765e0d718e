import { describe, expect, it } from 'vitest';
import { isSpecial, namedReplies, visible } from './tokenWords.ts';

const token = (text: string, trained = true) => ({ id: 1, text, trained });
const view = {
  prompt: [token('<s>', false)],
  chosen: [token('Water'), token(' it'), token('</s>')],
  rejected: [token('Water'), token(' nothing'), token('</s>')],
  promptCut: 0,
  chosenCut: 0,
  rejectedCut: 2,
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

  it('names replies by their side where the label must stay hidden', () => {
    const named = namedReplies(view, { left: 'Water nothing at all', right: 'Water it' });
    expect(named.map(({ name, cut }) => [name, cut])).toEqual([
      ['Left', 2],
      ['Right', 0],
    ]);
    expect(namedReplies(view, null).map(({ name }) => name)).toEqual(['Chosen', 'Rejected']);
    expect(namedReplies(view, null, false).map(({ name }) => name)).toEqual(['Reply A', 'Reply B']);
  });
});
