import { expect, it } from 'vitest';
import { prefixes } from './prefixes.ts';

/** A token for each letter. */
const letters = {
  encode: (text: string) => Int32Array.from(text, (letter) => letter.charCodeAt(0)),
  decode: (ids: ArrayLike<number>) => String.fromCharCode(...Array.from(ids)),
};

it('grows a text token by token, and several at once where there are many', () => {
  expect(prefixes(letters, 'abc', 9)).toEqual([
    { added: 'a', text: 'a' },
    { added: 'b', text: 'ab' },
    { added: 'c', text: 'abc' },
  ]);
  expect(prefixes(letters, 'abcdefg', 3).map(({ added }) => added)).toEqual(['ab', 'cde', 'fg']);
  expect(prefixes(letters, 'abcdefg', 3).at(-1)?.text).toBe('abcdefg');
  expect(prefixes(letters, '', 3)).toEqual([]);
});
