import { array, assert, integer, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomSource } from '../random.ts';
import { BINS, bandHashes, bandsFor, minHash, recall } from './MinHash.ts';
import { nearDuplicates } from './NearDuplicates.ts';
import { jaccard, normalised, windowsOf } from './shingles.ts';

function textWindows(text: string): Set<string> {
  const read = normalised(text);
  if (read.length <= 5) return new Set([read]);
  return new Set(Array.from({ length: read.length - 4 }, (_, at) => read.slice(at, at + 5)));
}
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const window of a) if (b.has(window)) shared += 1;
  return shared / (a.size + b.size - shared);
}
/** Jaccard of the windows as texts, by sets. */
const exact = (one: string, other: string): number => overlap(textWindows(one), textWindows(other));

const find = (texts: readonly string[], threshold = 0.8) =>
  nearDuplicates({
    count: texts.length,
    threshold,
    text: (item) => texts[item] as string,
    tick: () => undefined,
  });

/** Texts of random words, some of them changed a little, in a random order. */
function mixture(seed: number, originals: number, copies: number) {
  const source = randomSource({ seed, stream: 'near-duplicates', counter: 0 });
  const word = () =>
    Array.from({ length: 2 + source.integer(8) }, () => String.fromCharCode(97 + source.integer(26))).join(
      '',
    );
  const texts: string[] = [];
  for (let number = 0; number < originals; number++) {
    const words = Array.from({ length: 10 + source.integer(60) }, word);
    texts.push(words.join(' '));
    for (let copy = 0; copy < copies; copy++) {
      const changed = [...words];
      const changes = source.integer(Math.ceil(words.length / 4));
      for (let change = 0; change < changes; change++) changed[source.integer(words.length)] = word();
      texts.push(changed.join(' '));
    }
  }
  return texts;
}

describe('windows', () => {
  it('overlap as sets of texts do', () => {
    assert(
      property(
        string({ unit: 'grapheme', maxLength: 60 }),
        string({ unit: 'grapheme', maxLength: 60 }),
        (one, other) => {
          const [a, b] = [one, other].map((text) => windowsOf(normalised(text)));
          expect(jaccard(a as Uint32Array, b as Uint32Array)).toBeCloseTo(exact(one, other), 10);
        },
      ),
    );
  });

  it('see no difference of case, width and blanks', () => {
    expect(normalised('Ｈｏｗ  do I\n\twater IT? ')).toBe('how do i water it?');
  });
});

describe('signatures', () => {
  it('agree about as often as the sets overlap', () => {
    const texts = mixture(3, 60, 1);
    let [estimated, real] = [0, 0];
    for (let at = 0; at < texts.length; at += 2) {
      const [a, b] = [new Uint32Array(BINS), new Uint32Array(BINS)];
      minHash(normalised(texts[at] as string), a);
      minHash(normalised(texts[at + 1] as string), b);
      estimated += a.filter((value, bin) => value === b[bin]).length / BINS;
      real += exact(texts[at] as string, texts[at + 1] as string);
    }
    // The mean of 60 estimates by 128 bins: its standard error is below 0.01.
    expect(estimated / 60).toBeGreaterThan(real / 60 - 0.03);
    expect(estimated / 60).toBeLessThan(real / 60 + 0.03);
  });

  it('are the same for the same text, and have no empty bin however short it is', () => {
    assert(
      property(string({ maxLength: 20 }), (text) => {
        const [a, b] = [new Uint32Array(BINS), new Uint32Array(BINS)];
        minHash(text, a);
        minHash(text, b);
        expect(a).toEqual(b);
      }),
    );
  });

  it('are cut into bands that find nearly all at the threshold', () => {
    for (const threshold of [0.5, 0.7, 0.8, 0.9, 0.99]) {
      const bands = bandsFor(threshold);
      expect(recall(threshold, bands)).toBeGreaterThan(0.99);
      expect(bands.bands * bands.rows).toBeLessThanOrEqual(BINS);
    }
    const out = new Uint32Array(8).fill(7);
    bandHashes(new Uint32Array(BINS).fill(1), { bands: 3, rows: 4 }, out, 2);
    expect(new Set(out.subarray(2, 5)).size).toBe(3);
    expect([out[1], out[5]]).toEqual([7, 7]);
  });
});

describe('groups', () => {
  it.each([1, 2, 3])('are those of comparing every text with every other (seed %i)', (seed) => {
    const texts = mixture(seed, 60, 3);
    const sets = texts.map(textWindows);
    const parent = texts.map((_, item) => item);
    const root = (item: number): number => (parent[item] === item ? item : root(parent[item] as number));
    let pairs = 0;
    for (let one = 0; one < texts.length; one++)
      for (let other = 0; other < one; other++)
        if (overlap(sets[one] as Set<string>, sets[other] as Set<string>) >= 0.8) {
          pairs += 1;
          parent[root(one)] = root(other);
        }
    expect(pairs).toBeGreaterThan(40);
    const { groups, similarity } = find(texts);
    const found = new Map(groups.flatMap((group) => group.map((item) => [item, group[0] as number])));
    let missed = 0;
    for (let one = 0; one < texts.length; one++)
      for (let other = 0; other < one; other++) {
        const together = root(one) === root(other);
        const foundTogether = found.has(one) && found.get(one) === found.get(other);
        // What is found is checked exactly: nothing that is not alike; of what is, nearly all.
        if (foundTogether) expect(together).toBe(true);
        if (together && !foundTogether) missed += 1;
      }
    expect(missed).toBeLessThanOrEqual(Math.ceil(pairs / 50));
    for (const group of groups)
      for (const item of group) expect(similarity[item]).toBeGreaterThanOrEqual(0.8 - 1e-6);
  });

  it('hold texts that are equal but for case and blanks, never empty ones', () => {
    const texts = ['How do I water it?', '', 'Something else altogether', 'how do I  water it?', '', ' '];
    expect(find(texts).groups).toEqual([[0, 3]]);
  });

  it('of very many alike texts are one, the largest first', () => {
    const texts = [
      ...Array.from({ length: 500 }, () => 'I cannot help with that.'),
      'One other text',
      'one other text',
    ];
    const { groups } = find(texts);
    expect(groups.map((group) => group.length)).toEqual([500, 2]);
  });

  it('do not depend on a text being there again', () => {
    assert(
      property(array(integer({ min: 0, max: 6 }), { minLength: 2, maxLength: 30 }), (numbers) => {
        const texts = numbers.map((number) => `The prompt ${'abcdefg'[number]?.repeat(30)} is this one`);
        const { groups } = find(texts);
        const sizes = new Map<number, number>();
        for (const number of numbers) sizes.set(number, (sizes.get(number) ?? 0) + 1);
        const expected = [...sizes.values()].filter((size) => size > 1).sort((x, y) => y - x);
        expect(groups.map((group) => group.length)).toEqual(expected);
      }),
    );
  });
});
