import { describe, expect, it } from 'vitest';
import { randomSource } from '#core/random.ts';
import { FacetError } from '#core/result.ts';
import { headerLength, parseHeader } from './safetensorsHeader.ts';

const FILE = 'm.safetensors';
const entry = (dtype: string, shape: unknown, offsets: unknown) => ({ dtype, shape, data_offsets: offsets });
/** Parses a header over `dataBytes` bytes of tensors. */
const parse = (header: unknown, dataBytes: number) => {
  const json = typeof header === 'string' ? header : JSON.stringify(header);
  return parseHeader(json, 8 + Buffer.byteLength(json) + dataBytes, FILE);
};
const first = (length: bigint): Uint8Array => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(length);
  return bytes;
};

describe('parseHeader', () => {
  it('places tensors behind the header', () => {
    const header = {
      __metadata__: { format: 'pt' },
      'a"b': entry('F16', [2, 3], [0, 12]),
      c: entry('F32', [], [12, 16]),
    };
    const json = JSON.stringify(header);
    expect([...parse(header, 16).values()]).toEqual([
      { name: 'a"b', dtype: 'F16', shape: [2, 3], offset: 8 + json.length, bytes: 12 },
      { name: 'c', dtype: 'F32', shape: [], offset: 8 + json.length + 12, bytes: 4 },
    ]);
  });

  it.each([
    [
      'overlap',
      { a: entry('F32', [2], [0, 8]), b: entry('F32', [2], [4, 12]) },
      12,
      'tensor "b": its bytes overlap',
    ],
    ['hole', { a: entry('F32', [1], [0, 4]), b: entry('F32', [1], [8, 12]) }, 12, 'tensor "b": unused bytes'],
    ['bytes of no tensor', { a: entry('F32', [1], [0, 4]) }, 12, '8 bytes at its end'],
    ['beyond the file', { a: entry('F32', [4], [0, 16]) }, 12, 'tensor "a": its bytes 0…16 lie outside'],
    ['reversed', { a: entry('F32', [1], [4, 0]) }, 4, 'tensor "a": its bytes 4…0'],
    [
      'shape and bytes',
      { a: entry('F32', [3], [0, 4]) },
      4,
      'tensor "a": shape [3] of F32 needs 12 bytes, not 4',
    ],
    ['dtype', { a: entry('Q4', [1], [0, 4]) }, 4, 'tensor "a": unknown dtype "Q4"'],
    ['inherited dtype', { a: entry('toString', [1], [0, 4]) }, 4, 'unknown dtype'],
    ['negative size', { a: entry('F32', [-1], [0, 4]) }, 4, 'tensor "a": invalid shape'],
    ['fractional offset', { a: entry('F32', [1], [0.5, 4.5]) }, 4, 'tensor "a": invalid data_offsets'],
    ['overflowing shape', { a: entry('F32', [2 ** 40, 2 ** 40], [0, 4]) }, 4, 'tensor "a": shape'],
    ['no object', [1], 0, 'not a JSON object'],
    ['no JSON', '{"a":', 0, 'not JSON'],
  ])('refuses %s', (_, header, dataBytes, message) => {
    expect(() => parse(header, dataBytes)).toThrow(message);
  });

  it('refuses a name that occurs twice, even written differently', () => {
    const value = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';
    expect(() => parse(`{"a":${value},"\\u0061":${value}}`, 4)).toThrow('tensor "a": the name occurs twice');
  });

  it('refuses header lengths beyond the file or the format', () => {
    expect(() => headerLength(first(1n << 62n), 1000, FILE)).toThrow('claims');
    expect(() => headerLength(first(993n), 1000, FILE)).toThrow('claims');
    expect(headerLength(first(992n), 1000, FILE)).toBe(992);
    expect(() => headerLength(new Uint8Array(3), 3, FILE)).toThrow('ends after 3 bytes');
  });

  it('answers thousands of mutated headers with an error of its own or tensors inside the file', () => {
    const good = JSON.stringify({ a: entry('F32', [2, 2], [0, 16]), b: entry('BF16', [4], [16, 24]) });
    const random = randomSource({ seed: 9, stream: 'mutations', counter: 0 });
    const alphabet = '{}[]",:0123456789-.eaF\\u ';
    for (let trial = 0; trial < 5000; trial++) {
      const characters = [...good];
      for (let change = random.integer(4); change >= 0; change--) {
        const at = random.integer(characters.length);
        const kind = random.integer(3);
        if (kind === 0) characters[at] = alphabet[random.integer(alphabet.length)]!;
        else if (kind === 1) characters.splice(at, 1 + random.integer(5));
        else characters.splice(at, 0, alphabet[random.integer(alphabet.length)]!);
      }
      const json = characters.join('');
      const fileBytes = 8 + Buffer.byteLength(json) + 24;
      try {
        for (const tensor of parseHeader(json, fileBytes, FILE).values()) {
          expect(tensor.offset + tensor.bytes).toBeLessThanOrEqual(fileBytes);
        }
      } catch (error) {
        if (!(error instanceof FacetError)) throw error;
        expect(error.failure.code).toBe('model.bad-safetensors');
      }
    }
  });
});
