import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { HashTable } from './HashTable.ts';
import { chunksOf, findIn, HASHES_IN_CHUNK, inOrder, readChunk } from './hashChunks.ts';

const hashOf = (number: number): Buffer =>
  createHash('sha256').update(String(number)).digest().subarray(0, 16);

it('packs what came after a place, finds it by its hash and reads it back', () => {
  const count = 2 * HASHES_IN_CHUNK + 500;
  const table = new HashTable();
  for (let number = 0; number < count; number++) table.add(hashOf(number).toString('latin1'), number);
  const chunks = [...chunksOf(table, inOrder(table, 500))];
  expect(chunks.map(({ data }) => data.length / 24)).toEqual([HASHES_IN_CHUNK, HASHES_IN_CHUNK]);
  expect(Math.max(...chunks.map(({ lastId }) => lastId))).toBe(count - 1);
  const expected = Array.from({ length: count - 500 }, (_, index) => hashOf(500 + index)).sort(
    Buffer.compare,
  );
  expect(chunks.map(({ first }) => first.toString('hex'))).toEqual([
    expected[0]?.toString('hex'),
    expected[HASHES_IN_CHUNK]?.toString('hex'),
  ]);
  const again = new HashTable();
  for (const { data } of chunks) readChunk(data, again);
  expect(again.size).toBe(2 * HASHES_IN_CHUNK);
  for (let number = 0; number < count; number++) {
    const wanted = number < 500 ? [] : [number];
    expect(chunks.flatMap(({ data }) => findIn(data, hashOf(number)) ?? [])).toEqual(wanted);
    expect(again.get(hashOf(number).toString('latin1'))).toBe(wanted[0]);
  }
});
