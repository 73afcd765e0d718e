import { expect, it } from 'vitest';
import { countWords, wordDiff } from './words.ts';

it('counts words as a person would', () => {
  expect(countWords("I'm sorry — it's a state-of-the-art parcel, no. 12.")).toBe(8);
  expect(countWords('')).toBe(0);
  expect(countWords('Überraschung für мир')).toBe(3);
});

it('gives each side its whole text back, own parts marked', () => {
  const [left, right] = ['I am really sorry.\n\nBye now', 'I am sorry.\n\nBye'];
  const diff = wordDiff(left, right);
  expect(diff?.left.map(({ text }) => text).join('')).toBe(left);
  expect(diff?.right.map(({ text }) => text).join('')).toBe(right);
  expect(diff?.left.filter(({ own }) => own).map(({ text }) => text)).toEqual(['really', 'now']);
  expect(diff?.right.some(({ own }) => own)).toBe(false);
});

it('joins neighbouring words into one mark without its outer spaces', () => {
  const diff = wordDiff('one two three four', 'one four');
  expect(diff?.left.filter(({ own }) => own).map(({ text }) => text)).toEqual(['two three']);
  expect(diff?.left.map(({ text }) => text).join('')).toBe('one two three four');
});

it('marks nothing between equal texts', () => {
  expect(wordDiff('same', 'same')?.left).toEqual([{ text: 'same', own: false }]);
});
