import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bits } from './Bits.ts';
import { fold, oneSpaced } from './fold.ts';
import { matches, parseQuery } from './parseQuery.ts';
import { Segment } from './Segment.ts';
import { SegmentBuilder } from './SegmentBuilder.ts';

/** With every part that it may know, unless another bound is given. */
function segmentOf(texts: readonly string[], leastWork = 0): Segment {
  const builder = new SegmentBuilder();
  for (const [place, text] of texts.entries()) builder.add(place, text);
  const { words, starts, postings } = builder.finish(leastWork);
  return new Segment(words, starts, (start, end) => postings.subarray(start, end));
}

describe('a query', () => {
  it.each([
    ['Two words', [['two'], ['words']], [false, false]],
    [
      '"A  Phrase" -not -"that one" C++',
      [['a', 'phrase'], ['not'], ['that', 'one'], ['c++']],
      [false, true, true, false],
    ],
    ['état', [['etat']], [false]],
    ['"open', [['open']], [false]],
    ['我的 时钟', [['我的'], ['时钟']], [false, false]],
    ['- -', [['-'], ['-']], [false, false]],
  ])('%s', (text, words, excluded) => {
    const terms = parseQuery(text) ?? [];
    expect(terms.map((term) => term.words)).toEqual(words);
    expect(terms.map((term) => term.excluded)).toEqual(excluded);
  });

  it.each(['', '  ', '""', '-""'])('is none where nothing is typed: %j', (text) => {
    expect(parseQuery(text)).toBeNull();
  });

  it.each([
    ['My clock is LATE', 'clock "is late" -early', true],
    ['My clock is late', '"late clock"', false],
    ['templates in C++', 'c++', true],
    ['一个关于时钟的问题', '时钟', true],
    ['café', 'cafe', true],
    ['が', 'か', false],
    ['a\n\tb', '"a b"', true],
  ])('%j is asked for %j: %s', (text, query, expected) => {
    expect(matches(parseQuery(query) ?? [], fold(text))).toBe(expected);
  });
});

describe('a segment', () => {
  const letters = fc.constantFrom('a', 'b', 'ab', 'c+', '时', '钟', ' ', ' ', '\n', 'É', 'e');
  const text = fc.array(letters, { maxLength: 12 }).map((parts) => parts.join(''));

  it('finds every part of a word that a look at each text finds, and no other', () => {
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 40 }),
        fc.array(letters, { minLength: 1, maxLength: 3 }),
        (texts, parts) => {
          const part = oneSpaced(fold(parts.join('').replace(/\s/g, '')));
          fc.pre(part !== '');
          const found = segmentOf(texts).find([part]);
          const expected = texts.flatMap((each, place) => (fold(each).includes(part) ? [place] : []));
          expect(found.slice(0, texts.length)).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('leaves out no pair that holds a phrase', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 40 }), text, (texts, phrase) => {
        const words = oneSpaced(fold(phrase)).split(' ').filter(Boolean);
        fc.pre(words.length > 0);
        const found = segmentOf(texts).find(words);
        for (const [place, each] of texts.entries()) {
          if (oneSpaced(fold(each)).includes(words.join(' '))) expect(found.has(place)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

it('a segment of thousands of pairs, where much stands in most of them, finds what a look at each finds', () => {
  const words = ['the', 'then', 'other', 'sky', 'über', '时钟', 'x', 'c++', '🙂th'];
  const texts = Array.from({ length: 12_000 }, (_, place) =>
    words.filter((_word, index) => (place * (index + 3)) % (index + 2) <= index / 2).join(' '),
  );
  for (const segment of [segmentOf(texts), segmentOf(texts, 150), segmentOf(texts, 1e9)]) {
    for (const part of ['th', 'he', 'en', 'sk', 'ub', '时钟', '++', 'x', 'the', 'her', '🙂', 'ht', 'zz']) {
      const expected = texts.flatMap((each, place) => (fold(each).includes(part) ? [place] : []));
      expect(segment.find([part]).slice(0, 65_536), part).toEqual(expected);
    }
  }
});

describe('a set of ids', () => {
  const ids = fc.uniqueArray(fc.nat(999), { maxLength: 200 });
  const bitsOf = (values: readonly number[]) => {
    const bits = new Bits(1024);
    for (const value of values) bits.add(value);
    return bits;
  };
  const sorted = (values: Iterable<number>) => [...values].sort((one, other) => one - other);

  it('is a set', () => {
    fc.assert(
      fc.property(ids, ids, fc.nat(210), fc.nat(50), (one, other, offset, limit) => {
        const right = new Set(other);
        const all = (bits: Bits) => bits.slice(0, 1024);
        expect(bitsOf(one).count()).toBe(one.length);
        expect(all(bitsOf(one).keep(bitsOf(other)))).toEqual(sorted(one.filter((id) => right.has(id))));
        expect(all(bitsOf(one).without(bitsOf(other)))).toEqual(sorted(one.filter((id) => !right.has(id))));
        expect(all(bitsOf(one).takeIn(bitsOf(other)))).toEqual(sorted(new Set([...one, ...other])));
        expect(bitsOf(one).slice(offset, limit)).toEqual(sorted(one).slice(offset, offset + limit));
      }),
    );
    expect(Bits.upTo(70).slice(60, 100)).toEqual([60, 61, 62, 63, 64, 65, 66, 67, 68, 69]);
    const moved = new Bits(256).takeIn(bitsOf([0, 31, 33]), 64);
    expect(moved.slice(0, 10)).toEqual([64, 95, 97]);
  });
});
