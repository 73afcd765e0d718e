import { describe, expect, it } from 'vitest';
import { linearProbeAccuracy } from './linearProbe.ts';
import { flatMap } from './principalComponents.ts';
import { normals } from './random.ts';

const noise = (row: number, width: number) => [
  ...normals({ seed: 5, stream: 'probe-test', counter: row }, width),
];

describe('linearProbeAccuracy', () => {
  const labels = Array.from({ length: 120 }, (_, row) => `kind ${row % 3}`);

  it('reads labels that lie on lines, and guesses where they do not', () => {
    const told = labels.map((_, row) =>
      noise(row, 4).map((value, at) => 0.1 * value + (at === row % 3 ? 1 : 0)),
    );
    expect(linearProbeAccuracy(told, labels)).toBe(1);
    const untold = labels.map((_, row) => noise(row, 4));
    expect(linearProbeAccuracy(untold, labels)).toBeLessThan(0.55);
  });

  it('judges rows that it was not fitted to: as many columns as rows learn nothing by heart', () => {
    const wide = labels.map((_, row) => noise(row, 120));
    expect(linearProbeAccuracy(wide, labels)).toBeLessThan(0.6);
  });

  it('says nothing of one label or of too few rows', () => {
    expect(linearProbeAccuracy([[1], [2], [3], [4], [5], [6]], ['a', 'a', 'a', 'a', 'a', 'a'])).toBeNull();
    expect(linearProbeAccuracy([[1], [2]], ['a', 'b'])).toBeNull();
  });

  it('bears columns without spread', () => {
    const rows = labels.map((_, row) => [row % 3 === 0 ? 1 : 0, 0.5, 0.5]);
    expect(
      linearProbeAccuracy(
        rows,
        labels.map((_, row) => (row % 3 === 0 ? 'first' : 'other')),
      ),
    ).toBe(1);
  });
});

describe('flatMap', () => {
  it('finds the two directions of largest spread in their order', () => {
    // Spread 10 along the third column, 3 along the first, 0.1 elsewhere.
    const rows = Array.from({ length: 200 }, (_, row) => {
      const [a, b, c, d] = noise(row, 4) as [number, number, number, number];
      return [3 * a, 0.1 * b, 10 * c, 0.1 * d];
    });
    const { points, explained } = flatMap(rows);
    const centre = rows.reduce((sum, row) => sum + row[2]!, 0) / rows.length;
    for (const [index, [x]] of points.entries())
      expect(Math.abs(x - (rows[index]![2]! - centre))).toBeLessThan(1);
    expect(explained[0]).toBeGreaterThan(0.85);
    expect(explained[0] + explained[1]).toBeGreaterThan(0.99);
  });

  it('puts equal rows on one point', () => {
    expect(
      flatMap([
        [1, 2],
        [1, 2],
      ]).points,
    ).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});
