import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeBlocks } from './blocks.ts';
import { takeHeadsApart } from './decode.ts';
import { BLOCK_FORMATS, type BlockFormat, bytesOf } from './formats.ts';

interface GoldenBlocks {
  readonly bytes: string;
  readonly values: readonly number[];
}
const path = new URL('../../../tests/golden/gguf/blocks.json', import.meta.url);
const golden = JSON.parse(readFileSync(path, 'utf8')) as Record<BlockFormat, GoldenBlocks>;

describe('blocks of quantised weights', () => {
  it.each(Object.keys(BLOCK_FORMATS) as BlockFormat[])('%s equals the gguf package bit for bit', (format) => {
    const { bytes, values } = golden[format];
    const stored = Uint8Array.from(Buffer.from(bytes, 'hex'));
    expect(stored.byteLength).toBe(bytesOf(format, values.length));
    // Adding 0 makes one of the two zeros.
    const withOneZero = (numbers: Iterable<number>) => Array.from(numbers, (value) => Math.fround(value) + 0);
    expect(withOneZero(decodeBlocks(stored, format))).toEqual(withOneZero(values));
  });

  it('refuses bytes that end inside a block', () => {
    expect(() => decodeBlocks(new Uint8Array(17), 'Q4_0')).toThrow(/not whole Q4_0 blocks/);
  });
});

describe('takeHeadsApart', () => {
  it('gives each head the first of every pair of rows, then the second', () => {
    // Two heads of four rows of one byte: pairs (a0, a1), (b0, b1) become a0 b0 a1 b1.
    const stored = Uint8Array.of(0, 1, 10, 11, 100, 101, 110, 111);
    expect([...takeHeadsApart(stored, 2, 1)]).toEqual([0, 10, 1, 11, 100, 110, 101, 111]);
  });
});
