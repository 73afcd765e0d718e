import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Span, textDiff } from './textDiff.ts';

const parts = (text: string, spans: readonly Span[]) => spans.map(({ start, end }) => text.slice(start, end));
const without = (text: string, spans: readonly Span[]) =>
  [...spans].reverse().reduce((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
const differing = (left: string, right: string) => {
  const diff = textDiff(left, right);
  return [parts(left, diff.left), parts(right, diff.right)];
};

describe('the difference of two texts', () => {
  it.each([
    ['I am really sorry.\n\nBye now', 'I am sorry.\n\nBye', ['really', 'now'], []],
    ['one two', 'one  more two', [], ['  ', 'more']],
    ['one two three four', 'one four', ['two three'], []],
    ['same', 'same', [], []],
    ['', 'all of it', [], ['all of it']],
    ['die Straße', 'die Straßen', ['Straße'], ['Straßen']],
    ['Это хороший ответ', 'Это плохой ответ', ['хороший'], ['плохой']],
    ['今天天气好', '今天天气很好', [], ['很']],
    ['left  two', 'left two', [' '], []],
    ['one\ntwo', 'one\n\ntwo', [], ['\n']],
    ['**bold** word', 'bold word', ['**', '**'], []],
  ])('of %j and %j', (left, right, ownLeft, ownRight) => {
    expect(differing(left, right)).toEqual([ownLeft, ownRight]);
  });

  it('leaves the same text on both sides, whatever they are', () => {
    const word = fc.constantFrom('a', 'b', 'cc', ' ', '  ', '\n', '.', '漢', '👍🏽', "it's", '\t');
    const text = fc.array(word, { maxLength: 40 }).map((words) => words.join(''));
    fc.assert(
      fc.property(text, text, (left, right) => {
        const diff = textDiff(left, right);
        const squeezed = (kept: string) => kept.replace(/\s+/g, '');
        expect(squeezed(without(left, diff.left))).toBe(squeezed(without(right, diff.right)));
      }),
    );
  });

  it('finds one word among two hundred thousand, by lines first', () => {
    const lines = Array.from(
      { length: 10_000 },
      (_, index) => `Line ${index} has some words that say little.`,
    );
    const left = lines.join('\n');
    const right = lines.with(7_000, 'Line 7000 has many words that say little.').join('\n');
    expect(differing(left, right)).toEqual([['some'], ['many']]);
  });

  it('finds one word in one endless line, by sentences', () => {
    const sentences = Array.from({ length: 5_000 }, (_, index) => `Sentence ${index} says little.`);
    const right = sentences.with(9, 'Sentence 9 says a lot.').join(' ');
    expect(differing(sentences.join(' '), right)).toEqual([['little'], ['a lot']]);
  });
});
