import { Tokenizer } from '@huggingface/tokenizers';
import { describe, expect, it } from 'vitest';
import { randomSource } from '#core/random.ts';
import { sampleText } from '#core/sample/pairs.ts';
import { trainBpe } from './bpe.ts';
import { BYTE_CHARACTERS, splitWords } from './bytePieces.ts';
import { SPECIAL_TOKENS, tokenizerConfig, tokenizerJson, vocabularySize } from './tokenizerFiles.ts';

const texts = sampleText(11, 400).flatMap(({ prompt, reply }) => [prompt, reply]);
const merges = trainBpe(texts, 300);
const tokenizer = new Tokenizer(tokenizerJson(merges), tokenizerConfig(512));
const roundTrip = (text: string) => tokenizer.decode(tokenizer.encode(text).ids);

describe('trainBpe', () => {
  it('merges the most frequent pair first and stops when no pair comes twice', () => {
    // ab comes three times, bc twice, all else once.
    expect(trainBpe(['abc', 'abd', 'abc'], 10)).toEqual([
      ['a', 'b'],
      ['ab', 'c'],
    ]);
  });

  it('merges overlapping repeats from the left', () => {
    expect(trainBpe(['aaa', 'aaa'], 2)).toEqual([
      ['a', 'a'],
      ['aa', 'a'],
    ]);
  });

  it('is the same whatever the order of the texts', () => {
    expect(trainBpe([...texts].reverse(), 300)).toEqual(merges);
  });
});

describe('byte pieces', () => {
  it('gives every byte a character of its own', () => {
    expect(new Set(BYTE_CHARACTERS).size).toBe(256);
    expect(splitWords('a b\n')).toEqual(['a', 'Ġb', 'Ċ']);
  });
});

describe('tokenizer files', () => {
  it('are read by the tokenizers library with every piece in its place', () => {
    const size = vocabularySize(merges);
    expect(size).toBe(5 + 256 + 300);
    expect(new Set(Array.from({ length: size }, (_, id) => tokenizer.id_to_token(id))).size).toBe(size);
    expect(tokenizer.encode(Object.values(SPECIAL_TOKENS).join('')).ids).toEqual([0, 1, 2, 3, 4]);
  });

  it('give generated text back, in far fewer tokens than bytes', () => {
    for (const text of texts) expect(roundTrip(text)).toBe(text);
    const tokens = texts.reduce((sum, text) => sum + tokenizer.encode(text).ids.length, 0);
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    expect(bytes / tokens).toBeGreaterThan(2.2);
  });

  it('give any Unicode text back', () => {
    const random = randomSource({ seed: 3, stream: 'test.unicode', counter: 0 });
    const character = () => {
      const point = random.integer(0x110000);
      return String.fromCodePoint(point >= 0xd800 && point <= 0xdfff ? 0x1f600 : point);
    };
    for (let round = 0; round < 200; round++) {
      const text = Array.from({ length: 1 + random.integer(20) }, character).join('');
      expect(roundTrip(text)).toBe(text);
    }
    for (const text of [
      '  two  spaces ',
      'tab\tand\r\nline',
      'naïve – “quotes”',
      '日本語のテスト',
      '\u0000\u001f\u007f',
    ])
      expect(roundTrip(text)).toBe(text);
  });
});
