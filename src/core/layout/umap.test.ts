/** Our UMAP beside umap-learn's on the same rows (tests/golden/make_umap.py): what a picture keeps, since coordinates differ by seed. */
import { describe, expect, it } from 'vitest';
import golden from '../../../tests/golden/umap.json' with { type: 'json' };
import { mean } from '../statistics.ts';
import { neighboursKept } from './faithful.ts';
import { nearestNeighbours } from './neighbours.ts';
import { countOf, type Points, squaredDistance } from './points.ts';
import { principalPlane } from './principalPlane.ts';
import { umap } from './umap.ts';

const quiet = (): void => undefined;
const { k, cases } = golden;
const SEEDS = [0, 1];

/** Other rows of each, nearest first. */
function orders(points: Points): number[][] {
  const rows = Array.from({ length: countOf(points) }, (_, row) => row);
  return rows.map((row) =>
    rows
      .filter((other) => other !== row)
      .map((other) => [squaredDistance(points, row, other), other] as const)
      .sort((a, b) => a[0] - b[0] || a[1] - b[1])
      .map(([, other]) => other),
  );
}

/** Venna and Kaski 2001: 1 where no row is among the k nearest of the picture that is far among all features. */
function trustworthiness(there: readonly number[][], picture: Float32Array): number {
  const count = there.length;
  const here = orders({ values: picture, width: 2 });
  let penalty = 0;
  for (const [row, order] of here.entries()) {
    const ranks = new Map(there[row]?.map((other, rank) => [other, rank + 1]));
    for (const other of order.slice(0, k)) penalty += Math.max(0, (ranks.get(other) as number) - k);
  }
  return 1 - (2 * penalty) / (count * k * (2 * count - 3 * k - 1));
}

/** As the map is drawn: from the plane, spread over ±10. */
function startOf(points: Points): Float32Array {
  const { coordinates } = principalPlane(points, quiet);
  const most = coordinates.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return coordinates.map((value) => (10 * value) / most);
}

describe.each(cases)('on $name', ({ width, rows, plane, umap: theirs }) => {
  const points: Points = { values: Float32Array.from(rows), width };
  const there = orders(points);

  it('the measures are those of scikit-learn, by the plane', () => {
    const { coordinates } = principalPlane(points, quiet);
    expect(trustworthiness(there, coordinates)).toBeCloseTo(plane.trustworthiness, 4);
    expect(neighboursKept(points, coordinates, quiet)).toBeCloseTo(plane.kept, 3);
  });

  it('UMAP keeps neighbours as umap-learn does, within what its seeds differ by', () => {
    const near = nearestNeighbours(points, k - 1, 0, quiet);
    const ours = SEEDS.map((seed) => umap(near, startOf(points), seed, quiet));
    const gap = (
      measure: (picture: Float32Array) => number,
      given: readonly number[],
    ): { readonly short: number; readonly allowed: number } => ({
      short: mean(given) - mean(ours.map(measure)),
      allowed: Math.max(...given) - Math.min(...given) + 0.01,
    });
    const trusted = gap(
      (picture) => trustworthiness(there, picture),
      theirs.map((one) => one.trustworthiness),
    );
    const kept = gap(
      (picture) => neighboursKept(points, picture, quiet) as number,
      theirs.map((one) => one.kept),
    );
    expect(trusted.short).toBeLessThan(trusted.allowed);
    expect(kept.short).toBeLessThan(kept.allowed);
  });
});
