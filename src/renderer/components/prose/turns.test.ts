import { describe, expect, it } from 'vitest';
import { markTurns, turnParts } from './turns.ts';

describe('characters that turn the direction of text', () => {
  it('are set apart by their names, and the text stays whole', () => {
    const text = 'access \u202elevel\u2066 user\u2069 is fine\u202c.';
    const parts = turnParts(text);
    expect(parts.map(({ text: part }) => part).join('')).toBe(text);
    expect(parts.flatMap(({ turn }) => turn?.name ?? [])).toEqual(['RLO', 'LRI', 'PDI', 'PDF']);
    for (const part of parts) expect(text.startsWith(part.text, part.start)).toBe(true);
  });

  it('leave other text in one part, Arabic and its plain direction marks too', () => {
    for (const text of ['plain', 'مرحبا \u200f!', ''])
      expect(turnParts(text)).toEqual(text === '' ? [] : [{ text, start: 0, turn: null }]);
  });

  it('are marked in drawn Markdown wherever they stand', () => {
    const text = (value: string) => ({ type: 'text', value });
    const tree = {
      type: 'root',
      children: [{ type: 'element', tagName: 'p', properties: {}, children: [text('a\u202eb'), text('c')] }],
    };
    markTurns()(tree);
    expect(tree.children[0]?.children).toEqual([
      text('a'),
      {
        type: 'element',
        tagName: 'span',
        properties: { dataTurn: 'RLO', title: expect.stringContaining('U+202E, right-to-left override') },
        children: [text('\u202e')],
      },
      text('b'),
      text('c'),
    ]);
  });
});
