import { describe, expect, it } from 'vitest';
import { normals } from '../random.ts';
import { neighboursKept } from './faithful.ts';
import { nearestNeighbours } from './neighbours.ts';
import { type Points, squaredDistance } from './points.ts';
import { principalPlane } from './principalPlane.ts';
import { QuadTree } from './QuadTree.ts';
import { TSNE_NEIGHBOURS, tsne } from './tsne.ts';
import { umap } from './umap.ts';

const quiet = (): void => undefined;

/** Rows around `groups` centres far from each other; row r is of group r mod groups. */
function clouds(rows: number, width: number, groups: number): Points {
  const centres = normals({ seed: 1, stream: 'centres', counter: 0 }, groups * width, 8);
  const noise = normals({ seed: 2, stream: 'noise', counter: 0 }, rows * width);
  return {
    width,
    values: noise.map(
      (value, at) => value + (centres[(Math.floor(at / width) % groups) * width + (at % width)] as number),
    ),
  };
}

/** Share of rows whose nearest row in the picture is of their own group. */
function together(picture: Float32Array, groups: number): number {
  const flat = { values: picture, width: 2 };
  const count = picture.length / 2;
  let own = 0;
  for (let row = 0; row < count; row++) {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let other = 0; other < count; other++) {
      const distance = other === row ? Number.POSITIVE_INFINITY : squaredDistance(flat, row, other);
      if (distance < least) [least, best] = [distance, other];
    }
    if (best % groups === row % groups) own += 1;
  }
  return own / count;
}

describe('nearest neighbours', () => {
  it('are those that all distances give', () => {
    const points: Points = { width: 1, values: Float32Array.of(0, 1, 3, 7, 15) };
    const { ids, distances } = nearestNeighbours(points, 2, 0, quiet);
    expect([...ids]).toEqual([1, 2, 0, 2, 1, 0, 2, 1, 3, 2]);
    expect([...distances.subarray(8)]).toEqual([64, 144]);
  });

  it('are found by descent for at least 95 of 100 of many rows, the same for one seed', () => {
    const points = clouds(4000, 8, 10);
    const { ids } = nearestNeighbours(points, 10, 3, quiet);
    expect(nearestNeighbours(points, 10, 3, quiet).ids).toEqual(ids);
    let found = 0;
    for (let row = 0; row < 100; row++) {
      const right = Array.from({ length: 4000 }, (_, other) => other)
        .filter((other) => other !== row)
        .sort((a, b) => squaredDistance(points, row, a) - squaredDistance(points, row, b))
        .slice(0, 10);
      const own = new Set(ids.subarray(row * 10, row * 10 + 10));
      found += right.filter((other) => own.has(other)).length;
    }
    expect(found / 1000).toBeGreaterThan(0.95);
  });

  it('are as many as wanted where all rows are equal', () => {
    const { ids } = nearestNeighbours({ width: 2, values: new Float32Array(8000) }, 5, 1, quiet);
    expect(ids.every((id) => id >= 0)).toBe(true);
  });
});

it('the plane of largest spread keeps lengths along it and says how much of the spread it has', () => {
  // Spread 4 along (3, 4)/5, 1 across it, none upwards: shares 16/17 and 1/17.
  const values = Float32Array.from(
    [
      [4, 0],
      [-4, 0],
      [0, 1],
      [0, -1],
    ].flatMap(([a, b]) => [0.6 * a! - 0.8 * b!, 0.8 * a! + 0.6 * b!, 5]),
  );
  const { coordinates, explained } = principalPlane({ values, width: 3 }, quiet);
  expect(explained[0]).toBeCloseTo(16 / 17, 5);
  expect(explained[1]).toBeCloseTo(1 / 17, 5);
  expect(Math.abs(coordinates[0] as number)).toBeCloseTo(4, 4);
  expect(coordinates[1]).toBeCloseTo(0, 4);
});

it('the forces of a quadtree are those of all pairs where no cell is taken for one', () => {
  const at = normals({ seed: 4, stream: 'tree', counter: 0 }, 400);
  at.set([at[0] as number, at[1] as number], 2);
  const tree = new QuadTree();
  tree.fill(at);
  const force = new Float64Array(3);
  tree.repel(at[0] as number, at[1] as number, 0, force);
  const right = [0, 0, 0];
  for (let row = 0; row < 200; row++) {
    const dx = (at[0] as number) - (at[2 * row] as number);
    const dy = (at[1] as number) - (at[2 * row + 1] as number);
    const q = 1 / (1 + dx * dx + dy * dy);
    right[0]! += q * q * dx;
    right[1]! += q * q * dy;
    right[2]! += q;
  }
  for (const place of [0, 1, 2]) expect(force[place]).toBeCloseTo(right[place] as number, 4);
});

describe('layouts', () => {
  const points = clouds(400, 10, 5);
  const { coordinates } = principalPlane(points, quiet);
  it('UMAP puts groups apart and keeps more neighbours than the plane', () => {
    const near = nearestNeighbours(points, 14, 0, quiet);
    const picture = umap(near, coordinates, 0, quiet);
    expect(umap(near, coordinates, 0, quiet)).toEqual(picture);
    expect(together(picture, 5)).toBe(1);
    expect(neighboursKept(points, picture, quiet)).toBeGreaterThan(
      neighboursKept(points, coordinates, quiet) as number,
    );
  });

  it('t-SNE does too', () => {
    const near = nearestNeighbours(points, TSNE_NEIGHBOURS, 0, quiet);
    const picture = tsne(near, coordinates, quiet);
    expect(together(picture, 5)).toBe(1);
    expect(neighboursKept(points, picture, quiet)).toBeGreaterThan(
      neighboursKept(points, coordinates, quiet) as number,
    );
  });

  it('end when they are told to', () => {
    const stop = (): void => {
      throw new Error('stopped');
    };
    expect(() => nearestNeighbours(points, 14, 0, stop)).toThrow('stopped');
    const near = nearestNeighbours(points, 14, 0, quiet);
    expect(() => umap(near, coordinates, 0, stop)).toThrow('stopped');
    expect(() => tsne(near, coordinates, stop)).toThrow('stopped');
  });
  it('look whether they are to end while they weigh neighbours, before anything moves', () => {
    const many = clouds(1200, 4, 5);
    const from = principalPlane(many, quiet).coordinates;
    const near = nearestNeighbours(many, 14, 0, quiet);
    const looksAtStart = (layOut: (tick: (done: number) => void) => unknown): number => {
      let looks = 0;
      const untilItMoves = (done: number): void => {
        if (done > 0) throw new Error('moving');
        looks += 1;
      };
      expect(() => layOut(untilItMoves)).toThrow('moving');
      return looks;
    };
    // 1,200 rows are five pieces of 256, weighed and then joined; t-SNE has three of 512, weighed and then moved.
    expect(looksAtStart((tick) => umap(near, from, 0, tick))).toBeGreaterThanOrEqual(10);
    expect(looksAtStart((tick) => tsne(near, from, tick))).toBeGreaterThanOrEqual(6);
  });
});
