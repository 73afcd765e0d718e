import { describe, expect, it } from 'vitest';
import { gumbels, hash32, normals, philox4x32, randomSource, shuffle, uniforms } from './random.ts';
import { mean, standardDeviation } from './statistics.ts';

describe('philox4x32', () => {
  // Known-answer vectors published with Random123 (philox4x32, 10 rounds).
  it('reproduces the published vectors', () => {
    expect(philox4x32([0, 0, 0, 0], [0, 0])).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
    const ones = 0xffffffff;
    expect(philox4x32([ones, ones, ones, ones], [ones, ones])).toEqual([
      0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd,
    ]);
    expect(philox4x32([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toEqual([
      0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1,
    ]);
  });
});

describe('keyed noise', () => {
  it('makes the noise of step 17 again without the steps before it', () => {
    const key = { seed: 5, stream: 'gumbel-prior', counter: 17 };
    expect(gumbels(key, 64)).toEqual(gumbels(key, 64));
  });
  it('differs by seed, stream and counter, high counter bits included', () => {
    const key = { seed: 5, stream: 'a', counter: 3 };
    const first = (changed: Partial<typeof key>) => randomSource({ ...key, ...changed }).word();
    const words = [
      first({}),
      first({ seed: 6 }),
      first({ stream: 'b' }),
      first({ counter: 4 }),
      first({ counter: 3 + 2 ** 32 }),
    ];
    expect(new Set(words).size).toBe(5);
  });
  it('hashes names by FNV-1a', () => {
    expect(hash32('')).toBe(0x811c9dc5);
    expect(hash32('a')).toBe(0xe40c292c);
    expect(hash32('foobar')).toBe(0xbf9cf968);
  });
});

describe('distributions', () => {
  const key = { seed: 1, stream: 'test', counter: 0 };
  it('has the moments of uniform, normal and Gumbel', () => {
    const uniform = uniforms(key, 20_000, -1, 3);
    expect(mean(uniform)).toBeCloseTo(1, 1);
    expect(standardDeviation(uniform)).toBeCloseTo(4 / Math.sqrt(12), 1);
    const normal = normals(key, 20_000, 2);
    expect(mean(normal)).toBeCloseTo(0, 1);
    expect(standardDeviation(normal)).toBeCloseTo(2, 1);
    // Mean of a standard Gumbel is Euler's constant, its deviation π/√6.
    const gumbel = gumbels(key, 20_000);
    expect(Math.abs(mean(gumbel) - 0.5772)).toBeLessThan(0.03);
    expect(Math.abs(standardDeviation(gumbel) - Math.PI / Math.sqrt(6))).toBeLessThan(0.03);
  });
  it('draws each integer below the bound equally often', () => {
    const source = randomSource(key);
    const counts = [0, 0, 0];
    for (let draw = 0; draw < 30_000; draw++) counts[source.integer(3)]! += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(300);
    expect(() => source.integer(0)).toThrow(RangeError);
  });
  it('shuffles into a permutation and leaves the original alone', () => {
    const items = Array.from({ length: 50 }, (_, index) => index);
    const shuffled = shuffle(key, items);
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
    expect(items[0]).toBe(0);
  });
});
