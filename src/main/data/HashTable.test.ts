import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { HashTable } from './HashTable.ts';

const hashOf = (number: number): string =>
  createHash('sha256').update(String(number)).digest('binary').slice(0, 16);

it('finds what was put, through every growth, and nothing else', () => {
  const table = new HashTable();
  const count = 70_000;
  for (let number = 0; number < count; number++) table.add(hashOf(number), 3 * number);
  expect(table.size).toBe(count);
  for (let number = 0; number < count; number++) {
    if (table.get(hashOf(number)) !== 3 * number) throw new Error(`${number} is not there`);
    if (table.get(hashOf(count + number)) !== undefined) throw new Error(`${count + number} is there`);
  }
  expect(Buffer.from(table.hashAt(69_999)).toString('latin1')).toBe(hashOf(69_999));
  expect(table.valueAt(69_999)).toBe(3 * 69_999);
  table.add(hashOf(count), 2 ** 53 - 1);
  expect(table.get(hashOf(count))).toBe(2 ** 53 - 1);
});

it('keeps apart keys that differ in any of their bytes, wherever they fall', () => {
  const table = new HashTable();
  const key = (byte: number): string => {
    const hash = Buffer.alloc(16);
    if (byte >= 0) hash[byte] = 1;
    return hash.toString('latin1');
  };
  for (let byte = -1; byte < 16; byte++) table.add(key(byte), byte + 1);
  for (let byte = -1; byte < 16; byte++) expect(table.get(key(byte))).toBe(byte + 1);
});
