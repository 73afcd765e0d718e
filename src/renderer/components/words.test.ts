import { expect, it } from 'vitest';
import { countWords } from './words.ts';

it.each([
  ["I'm sorry — it's a state-of-the-art parcel, no. 12.", 8],
  ['', 0],
  ['Überraschung für мир', 3],
  ['今天天气很好', 6],
  ['GPT4 は速い', 4],
  ['R2-D2 3.5', 3],
])('counts the words of %j', (text, words) => {
  expect(countWords(text)).toBe(words);
});
