import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { normals } from '#core/random.ts';
import { goldenDir, largestDifference } from '../backbone/testModel.ts';
import { type Matrix, matrix, symmetricEigen, times, timesTransposed, transposed } from './matrix.ts';
import { whiten, whitened } from './whiten.ts';

const matrixOf = (rows: readonly (readonly number[])[]): Matrix => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  data: Float64Array.from(rows.flat()),
});

const random = (rows: number, columns: number, counter: number): Matrix => ({
  rows,
  columns,
  data: Float64Array.from(normals({ seed: 9, stream: 'test.whiten', counter }, rows * columns)),
});

interface GoldenCase {
  readonly rows: number[][];
  readonly count: number;
  readonly centred: boolean;
  readonly mean: number[];
  readonly metric: number[][];
}
const GOLDEN = JSON.parse(readFileSync(join(goldenDir, 'whitening.json'), 'utf8')) as GoldenCase[];

describe('whitened directions', () => {
  it.each(
    GOLDEN.map(
      (one) => [`${one.rows.length} × ${one.rows[0]?.length}, ${one.count} directions`, one] as const,
    ),
  )('are those of numpy: %s', (_, { rows, count, centred, mean, metric }) => {
    const { mean: found, directions } = whiten(matrixOf(rows), count, centred);
    expect(directions.rows).toBe(count);
    expect(largestDifference(found, mean)).toBeLessThan(1e-12);
    const scale = Math.max(...metric.flat().map(Math.abs));
    const { data } = timesTransposed(transposed(directions), transposed(directions));
    expect(largestDifference(data, metric.flat()) / scale).toBeLessThan(1e-6);
  });

  it('give every row unit variance and no correlation, whatever the scale of the rows', () => {
    const rows = random(300, 100, 0);
    const large = { ...rows, data: rows.data.map((value) => 1e4 * value) };
    const [scores, ofLarge] = [rows, large].map((each) => whitened(each, whiten(each, 10, true))) as [
      Matrix,
      Matrix,
    ];
    const covariance = timesTransposed(transposed(scores), transposed(scores)).data.map((sum) => sum / 300);
    const identity = Float64Array.from({ length: 100 }, (_, at) => (at % 11 === 0 ? 1 : 0));
    expect(largestDifference(covariance, identity)).toBeLessThan(1e-9);
    expect(largestDifference(scores.data.map(Math.abs), ofLarge.data.map(Math.abs))).toBeLessThan(1e-6);
  });

  it('leave out what hardly varies, and have none of rows that are all the same', () => {
    const thin = random(50, 3, 1);
    for (let row = 0; row < 50; row++) thin.data[3 * row + 2] = 1e-6 * (thin.data[3 * row + 2] as number);
    expect(whiten(thin, 3, true).directions.rows).toBe(2);
    expect(whiten(matrix(5, 4), 3, true).directions.rows).toBe(0);
  });
});

it('the eigenvectors of a symmetric matrix give it back', () => {
  const half = random(6, 6, 2);
  const given = timesTransposed(half, half);
  const { values, vectors } = symmetricEigen(given);
  const scaled = {
    ...vectors,
    data: vectors.data.map((value, at) => value * (values[Math.floor(at / 6)] as number)),
  };
  expect(largestDifference(times(transposed(vectors), scaled).data, given.data)).toBeLessThan(1e-9);
  expect([...values]).toEqual([...values].sort((a, b) => b - a));
});
