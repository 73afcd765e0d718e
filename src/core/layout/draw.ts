/** Rows of features drawn flat by any of the methods: what the map of a run and the page of an experiment share. */
import { nearestNeighbours } from './neighbours.ts';
import { LayoutRandom, type Points, type Tick } from './points.ts';
import { principalPlane } from './principalPlane.ts';
import { TSNE_NEIGHBOURS, tsne } from './tsne.ts';
import { umap } from './umap.ts';

export interface Drawing {
  /** Rows × 2. */
  readonly picture: Float32Array;
  /** Of the variance, by each axis; null where axes mean nothing. */
  readonly explained: readonly [number, number] | null;
}

const UMAP_NEIGHBOURS = 14;
const START_SPREAD = 10;
const JITTER = 1e-3;

/** A part of the whole work, so that one line of progress goes from 0 to 1. */
export const part =
  (tick: Tick, from: number, to: number): Tick =>
  (done, total) =>
    tick(from + (total > 0 ? done / total : 0) * (to - from), 1);

/** The plane, spread over ±10, with what moves equal rows apart. */
function start(plane: Float32Array, seed: number): Float32Array {
  const random = new LayoutRandom(seed);
  const most = plane.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return plane.map(
    (value) => (most > 0 ? (value / most) * START_SPREAD : 0) + (random.share() - 0.5) * JITTER,
  );
}

/** The same picture for the same rows and seed; what `tick` throws ends it. */
export function draw(
  points: Points,
  { method, seed }: { readonly method: 'pca' | 'umap' | 'tsne'; readonly seed: number },
  tick: Tick,
): Drawing {
  const plane = principalPlane(points, part(tick, 0, method === 'pca' ? 0.8 : 0.05));
  if (method === 'pca') return { picture: plane.coordinates, explained: plane.explained };
  const wanted = method === 'umap' ? UMAP_NEIGHBOURS : TSNE_NEIGHBOURS;
  const near = nearestNeighbours(points, wanted, seed, part(tick, 0.05, 0.3));
  const from = start(plane.coordinates, seed);
  const rest = part(tick, 0.3, 0.95);
  const picture = method === 'umap' ? umap(near, from, seed, rest) : tsne(near, from, rest);
  return { picture, explained: null };
}
