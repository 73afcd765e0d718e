/** UMAP (McInnes, Healy, Melville 2018) in two dimensions, as umap-learn does it with `min_dist` 0.1 and `spread` 1. */
import type { Neighbours } from './neighbours.ts';
import { LayoutRandom, type Tick } from './points.ts';

/** The curve 1 / (1 + a·d^2b) of `min_dist` 0.1 and `spread` 1, as umap-learn fits it. */
const A = 1.5769434603113077;
const B = 0.8950608779109733;
const NEGATIVES = 5;
const CLIP = 4;
const BISECTIONS = 64;
/** Less of the mean distance than this is no bandwidth. */
const LEAST_BANDWIDTH = 1e-3;
const EDGES_A_TICK = 100_000;
const ROWS_A_TICK = 256;

interface Edges {
  readonly heads: Int32Array;
  readonly tails: Int32Array;
  readonly weights: Float32Array;
}

/** Membership of each neighbour, rows × k: exp(−(d − ρ) / σ), where σ makes their sum log2(k + 1). */
function memberships({ k, distances }: Neighbours, tick: () => void): Float32Array {
  const count = k === 0 ? 0 : distances.length / k;
  const target = Math.log2(k + 1);
  const out = new Float32Array(distances.length);
  const mean = distances.reduce((sum, value) => sum + Math.sqrt(value), 0) / Math.max(1, distances.length);
  for (let row = 0; row < count; row++) {
    if (row % ROWS_A_TICK === 0) tick();
    const own = distances.subarray(row * k, (row + 1) * k).map(Math.sqrt);
    const nearest = own.find((value) => value > 0) ?? 0;
    let low = 0;
    let high = Number.POSITIVE_INFINITY;
    let width = 1;
    for (let round = 0; round < BISECTIONS; round++) {
      let sum = 0;
      for (const value of own) sum += value > nearest ? Math.exp(-(value - nearest) / width) : 1;
      if (Math.abs(sum - target) < 1e-5) break;
      if (sum > target) high = width;
      else low = width;
      width = high === Number.POSITIVE_INFINITY ? width * 2 : (low + high) / 2;
    }
    const ownMean = own.reduce((sum, value) => sum + value, 0) / k;
    width = Math.max(width, LEAST_BANDWIDTH * (nearest > 0 ? ownMean : mean));
    for (let at = 0; at < k; at++) {
      const over = (own[at] as number) - nearest;
      out[row * k + at] = over <= 0 || width === 0 ? 1 : Math.exp(-over / width);
    }
  }
  return out;
}

/** Each edge both ways: p + q − p·q of the two memberships. */
function union({ k, ids }: Neighbours, own: Float32Array, tick: () => void): Edges {
  const heads: number[] = [];
  const tails: number[] = [];
  const weights: number[] = [];
  for (let place = 0; place < ids.length; place++) {
    if (place % (k * ROWS_A_TICK) === 0) tick();
    const row = Math.floor(place / k);
    const other = ids[place] as number;
    const p = own[place] as number;
    const back = ids.subarray(other * k, (other + 1) * k).indexOf(row);
    const q = back < 0 ? 0 : (own[other * k + back] as number);
    const weight = p + q - p * q;
    heads.push(row);
    tails.push(other);
    weights.push(weight);
    if (back >= 0) continue;
    heads.push(other);
    tails.push(row);
    weights.push(weight);
  }
  return {
    heads: Int32Array.from(heads),
    tails: Int32Array.from(tails),
    weights: Float32Array.from(weights),
  };
}

const clipped = (value: number): number => Math.max(-CLIP, Math.min(CLIP, value));

/** As many passes over the edges as umap-learn takes. */
const epochsFor = (rows: number): number => (rows <= 10_000 ? 500 : 200);

/** Moves `start` (rows × 2, spread over about ±10) to where neighbours are near each other; `start` is not changed. */
export function umap(neighbours: Neighbours, start: Float32Array, seed: number, tick: Tick): Float32Array {
  const at = start.slice();
  const count = at.length / 2;
  const epochs = epochsFor(count);
  const look = (): void => tick(0, epochs);
  const { heads, tails, weights } = union(neighbours, memberships(neighbours, look), look);
  const largest = weights.reduce((most, value) => Math.max(most, value), 0);
  const every = weights.map((weight) => (weight < largest / epochs ? 0 : largest / weight));
  const next = every.slice();
  const nextNegative = every.map((value) => value / NEGATIVES);
  const random = new LayoutRandom(seed);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = 1 - epoch / epochs;
    for (let edge = 0; edge < heads.length; edge++) {
      if (edge % EDGES_A_TICK === 0) tick(epoch, epochs);
      const step = every[edge] as number;
      if (step === 0 || (next[edge] as number) > epoch) continue;
      const head = (heads[edge] as number) * 2;
      const tail = (tails[edge] as number) * 2;
      let x = (at[head] as number) - (at[tail] as number);
      let y = (at[head + 1] as number) - (at[tail + 1] as number);
      let squared = x * x + y * y;
      if (squared > 0) {
        const power = squared ** B;
        const pull = (-2 * A * B * power) / (squared * (A * power + 1));
        const byX = clipped(pull * x) * rate;
        const byY = clipped(pull * y) * rate;
        at[head] = (at[head] as number) + byX;
        at[head + 1] = (at[head + 1] as number) + byY;
        at[tail] = (at[tail] as number) - byX;
        at[tail + 1] = (at[tail + 1] as number) - byY;
      }
      next[edge] = (next[edge] as number) + step;
      const negativeStep = step / NEGATIVES;
      const negatives = Math.floor((epoch - (nextNegative[edge] as number)) / negativeStep);
      for (let drawn = 0; drawn < negatives; drawn++) {
        const other = random.whole(count) * 2;
        if (other === head) continue;
        x = (at[head] as number) - (at[other] as number);
        y = (at[head + 1] as number) - (at[other + 1] as number);
        squared = x * x + y * y;
        const push = squared > 0 ? (2 * B) / ((0.001 + squared) * (A * squared ** B + 1)) : 0;
        at[head] = (at[head] as number) + (squared > 0 ? clipped(push * x) : CLIP) * rate;
        at[head + 1] = (at[head + 1] as number) + (squared > 0 ? clipped(push * y) : CLIP) * rate;
      }
      if (negatives > 0) nextNegative[edge] = (nextNegative[edge] as number) + negatives * negativeStep;
    }
  }
  tick(epochs, epochs);
  return at;
}
