import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { HashTable } from './HashTable.ts';

const hashOf = (number: number): string =>
  createHash('sha256').update(String(number)).digest('binary').slice(0, 16);

it('finds what was put, through every growth, and nothing else', () => {
  const table = new HashTable();
  const count = 20_000;
  for (let number = 0; number < count; number++) table.set(hashOf(number), 3 * number);
  expect(table.size).toBe(count);
  for (let number = 0; number < count; number++) {
    if (table.get(hashOf(number)) !== 3 * number) throw new Error(`${number} is not there`);
    if (table.get(hashOf(count + number)) !== undefined) throw new Error(`${count + number} is there`);
  }
  table.set(hashOf(7), 2 ** 53 - 1);
  expect(table.get(hashOf(7))).toBe(2 ** 53 - 1);
  expect(table.size).toBe(count);
});

it('keeps apart keys that differ in any of their 12 bytes, wherever they fall', () => {
  const table = new HashTable();
  const key = (byte: number): string => {
    const hash = Buffer.alloc(16);
    if (byte >= 0) hash[byte] = 1;
    return hash.toString('latin1');
  };
  for (let byte = -1; byte < 12; byte++) table.set(key(byte), byte + 1);
  for (let byte = -1; byte < 12; byte++) expect(table.get(key(byte))).toBe(byte + 1);
});
