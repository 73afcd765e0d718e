import { expect, it } from 'vitest';
import { clustersOf } from './clusters.ts';
import { normals, uniforms } from './random.ts';

const CODES = 8;

/** Rows of p(z|x) about the mixes given, row r about mix r mod their number. */
function around(mixes: readonly (readonly number[])[], rows: number, noise: number): Float32Array {
  const spread = normals({ seed: 5, stream: 'mixes', counter: 0 }, rows * CODES, noise);
  const weights = new Float32Array(rows * CODES);
  for (let row = 0; row < rows; row++) {
    const mix = mixes[row % mixes.length] as readonly number[];
    const raw = mix.map((value, code) => value * Math.exp(spread[row * CODES + code] as number));
    const sum = raw.reduce((total, value) => total + value, 0);
    weights.set(
      raw.map((value) => value / sum),
      row * CODES,
    );
  }
  return weights;
}

const mixOf = (...strong: readonly number[]) =>
  Array.from({ length: CODES }, (_, code) => (strong.includes(code) ? 0.92 / strong.length : 0.01));

it('finds mixes that share their strongest code, which an order by strongest code puts together', () => {
  // Code 3 is in two of the three mixes.
  const shared = mixOf(3, 6).map((weight, code) => weight + (code === 3 ? 0.05 : code === 6 ? -0.05 : 0));
  const mixes = [mixOf(3), shared, mixOf(1)];
  const names = clustersOf(around(mixes, 300, 0.1), CODES);
  const own = mixes.map((_, mix) => new Set(names.filter((_, row) => row % mixes.length === mix)));
  expect(own.map((found) => found.size)).toEqual([1, 1, 1]);
  expect(own.map((found) => [...found][0]?.slice(3)).sort()).toEqual(['code 1', 'code 3', 'codes 3, 6']);
  expect(new Set(names.map((name) => name[0]))).toEqual(new Set(['A', 'B', 'C']));
});

it('puts rows that no centre was found on with those like them, the largest cluster first', () => {
  const mixes = [mixOf(0), mixOf(0), mixOf(0), mixOf(5)];
  const names = clustersOf(around(mixes, 9000, 0.1), CODES);
  expect(names.every((name, row) => name === (row % 4 === 3 ? 'B: code 5' : 'A: code 0'))).toBe(true);
});

it('has one cluster where all mixes are equal, and no end of the alphabet in noise', () => {
  expect(new Set(clustersOf(new Float32Array(80).fill(1 / CODES), CODES)).size).toBe(1);
  expect(clustersOf(new Float32Array(0), CODES)).toEqual([]);
  expect(clustersOf(Float32Array.from(mixOf(2)), CODES)).toEqual(['A: code 2']);
  const noise = new Set(clustersOf(uniforms({ seed: 6, stream: 'noise', counter: 0 }, 4000), CODES));
  expect(noise.size).toBeLessThanOrEqual(12);
});
