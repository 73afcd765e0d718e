/** `npm run bench -- explore`: parts of the map of prompts, without the page that draws it and the pass that it runs in. */
import { insideAreas } from '#core/layout/areas.ts';
import { nearestNeighbours } from '#core/layout/neighbours.ts';
import type { Points } from '#core/layout/points.ts';
import { principalPlane } from '#core/layout/principalPlane.ts';
import { umap } from '#core/layout/umap.ts';
import { normals } from '#core/random.ts';
import { median } from '#core/statistics.ts';

const MAP_POINTS = 1_000_000;
const EDGE = 65_535;
const CORNERS = 200;
const LASSOS = 7;
const UMAP_ROWS = 20_000;
const WIDTH = 64;
const GROUPS = 40;
const NEIGHBOURS = 14;

export interface ExploreFigures {
  readonly mapPoints: number;
  /** Which of `mapPoints` lie within a lasso of 200 corners around about a fifth of them; median. No drawing, no query. */
  readonly lassoInsideMs: number;
  /** Plane, neighbours and UMAP of 20,000 rows × 64, elapsed. */
  readonly umap20kSeconds: number;
  readonly umap20kProcessorSeconds: number;
  /** Longest time between two looks for Cancel in that: what the computing adds to a wait for it, at most. */
  readonly umap20kLongestUnstoppableMs: number;
}

/** A ring whose radius goes in and out, as a hand draws. */
const lasso = Array.from({ length: CORNERS }, (_, corner) => {
  const angle = (2 * Math.PI * corner) / CORNERS;
  const radius = EDGE * (0.25 + 0.04 * Math.sin(9 * angle));
  return [EDGE / 2 + radius * Math.cos(angle), EDGE / 2 + radius * Math.sin(angle)];
}).flat();

function lassoInsideMs(): number {
  const spread = normals({ seed: 1, stream: 'bench.map', counter: 0 }, 2 * MAP_POINTS, EDGE / 6);
  const places = Uint16Array.from(spread, (value) => Math.min(EDGE, Math.max(0, value + EDGE / 2)));
  const times = Array.from({ length: LASSOS }, () => {
    const began = performance.now();
    insideAreas([lasso], places);
    return performance.now() - began;
  });
  return median(times);
}

/** Rows around `GROUPS` centres. */
function clouds(): Points {
  const centres = normals({ seed: 2, stream: 'bench.centres', counter: 0 }, GROUPS * WIDTH, 3);
  const noise = normals({ seed: 3, stream: 'bench.noise', counter: 0 }, UMAP_ROWS * WIDTH);
  const values = noise.map((value, at) => {
    const group = Math.floor(at / WIDTH) % GROUPS;
    return value + (centres[group * WIDTH + (at % WIDTH)] as number);
  });
  return { values, width: WIDTH };
}

function umapFigures(): Omit<ExploreFigures, 'mapPoints' | 'lassoInsideMs'> {
  const points = clouds();
  const processor = process.cpuUsage();
  const began = performance.now();
  let last = began;
  let longest = 0;
  const look = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const { coordinates } = principalPlane(points, look);
  umap(nearestNeighbours(points, NEIGHBOURS, 0, look), coordinates, 0, look);
  const { user, system } = process.cpuUsage(processor);
  return {
    umap20kSeconds: (performance.now() - began) / 1000,
    umap20kProcessorSeconds: (user + system) / 1e6,
    umap20kLongestUnstoppableMs: longest,
  };
}

export function benchExplore(onProgress: (text: string) => void): ExploreFigures {
  onProgress('a lasso around a million points');
  const inside = lassoInsideMs();
  onProgress('UMAP of 20,000 rows');
  return { mapPoints: MAP_POINTS, lassoInsideMs: inside, ...umapFigures() };
}
