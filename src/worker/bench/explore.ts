/** `npm run bench -- explore`: parts of the map, the heat map and a code's page, without the page that draws them, the database and the messages between. */
import { rankRows, rowsOfCode } from '#core/codePage.ts';
import { HeatRows } from '#core/heatRows.ts';
import { insideAreas } from '#core/layout/areas.ts';
import { nearestNeighbours } from '#core/layout/neighbours.ts';
import { LayoutRandom, type Points } from '#core/layout/points.ts';
import { principalPlane } from '#core/layout/principalPlane.ts';
import { umap } from '#core/layout/umap.ts';
import { normals } from '#core/random.ts';
import { median, quantile } from '#core/statistics.ts';

const MAP_POINTS = 1_000_000;
const EDGE = 65_535;
const CORNERS = 200;
const LASSOS = 7;
const UMAP_ROWS = 20_000;
const WIDTH = 64;
const GROUPS = 40;
const NEIGHBOURS = 14;
const CODES = 64;
const SOURCES = 5;
const LINES = 160;
const WINDOWS = 60;

export interface ExploreFigures {
  readonly mapPoints: number;
  /** Which of `mapPoints` lie within a lasso of 200 corners around about a fifth of them; median. No drawing, no query. */
  readonly lassoInsideMs: number;
  /** Order of `mapPoints` prompts × 64 codes and the sums that windows are read from, once for each way to put rows together. */
  readonly heatOrderMs: number;
  /** Means and strongest prompts of 160 lines × 64 codes, from all prompts down to a dozen. */
  readonly heatLinesP95Ms: number;
  /** Top and borderline prompts, histogram and prompts of one code. */
  readonly codeRowsP95Ms: number;
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

function elapsed(work: () => unknown): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

/** Rows of p(z|x), each with one code that stands out. */
function priors(): Float32Array {
  const random = new LayoutRandom(4);
  const weights = new Float32Array(MAP_POINTS * CODES);
  for (let row = 0; row < MAP_POINTS; row++) {
    const first = row * CODES;
    let sum = 0;
    for (let code = 0; code < CODES; code++) {
      const weight = Math.exp(2 * random.share() + ((row * 7919) % CODES === code ? 3 : 0));
      weights[first + code] = weight;
      sum += weight;
    }
    for (let code = 0; code < CODES; code++) weights[first + code] = (weights[first + code] as number) / sum;
  }
  return weights;
}

function heatFigures(): Pick<ExploreFigures, 'heatOrderMs' | 'heatLinesP95Ms' | 'codeRowsP95Ms'> {
  const weights = priors();
  const sources = Array.from({ length: MAP_POINTS }, (_, row) => `source ${row % SOURCES}`);
  const began = performance.now();
  const heat = new HeatRows(weights, CODES, sources);
  const heatOrderMs = performance.now() - began;
  const windows = Array.from({ length: WINDOWS }, (_, window) => {
    const span = Math.max(LINES, Math.floor(MAP_POINTS * 0.82 ** window));
    const rows = Math.floor(span / LINES);
    const start = Math.floor((MAP_POINTS - rows * LINES) * ((window * 0.618) % 1));
    return Array.from({ length: LINES }, (_, line) => ({ start: start + line * rows, rows }));
  });
  const ranked = rankRows(weights, CODES);
  const p95 = (times: readonly number[]): number => quantile(times, 0.95);
  return {
    heatOrderMs,
    heatLinesP95Ms: p95(windows.map((lines) => elapsed(() => heat.figures(lines)))),
    codeRowsP95Ms: p95(
      Array.from({ length: CODES }, (_, code) =>
        elapsed(() => rowsOfCode(ranked, code, { top: 12, borderline: 8, bins: 25 })),
      ),
    ),
  };
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

function umapFigures(): Pick<
  ExploreFigures,
  'umap20kSeconds' | 'umap20kProcessorSeconds' | 'umap20kLongestUnstoppableMs'
> {
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
  onProgress('a heat map of a million prompts × 64 codes');
  const heat = heatFigures();
  onProgress('UMAP of 20,000 rows');
  return { mapPoints: MAP_POINTS, lassoInsideMs: inside, ...heat, ...umapFigures() };
}
