/** t-SNE (van der Maaten & Hinton 2008) in two dimensions, forces by Barnes and Hut (van der Maaten 2014). */
import type { Neighbours } from './neighbours.ts';
import type { Tick } from './points.ts';
import { QuadTree } from './QuadTree.ts';

const TSNE_PERPLEXITY = 30;
/** As many neighbours as hold nearly all of a row's weight. */
export const TSNE_NEIGHBOURS = 3 * TSNE_PERPLEXITY;
const TSNE_ROUNDS = 750;
const EXAGGERATED_ROUNDS = 250;
const EXAGGERATION = 12;
const THETA = 0.5;
const BISECTIONS = 50;
const ROWS_A_TICK = 512;

/** Weight of each neighbour, rows × k, each row summing to 1 with the entropy of `perplexity` even neighbours. */
function affinities({ k, distances }: Neighbours, perplexity: number, tick: () => void): Float32Array {
  const out = new Float32Array(distances.length);
  const target = Math.log(perplexity);
  for (let first = 0; first < distances.length; first += k) {
    if (first % (k * ROWS_A_TICK) === 0) tick();
    const nearest = distances[first] as number;
    let low = 0;
    let high = Number.POSITIVE_INFINITY;
    let beta = 1;
    for (let round = 0; round < BISECTIONS; round++) {
      let sum = 0;
      let weighted = 0;
      for (let at = 0; at < k; at++) {
        const over = (distances[first + at] as number) - nearest;
        const value = Math.exp(-beta * over);
        out[first + at] = value;
        sum += value;
        weighted += value * over;
      }
      for (let at = 0; at < k; at++) out[first + at] = (out[first + at] as number) / sum;
      const entropy = Math.log(sum) + (beta * weighted) / sum;
      if (Math.abs(entropy - target) < 1e-5) break;
      if (entropy > target) low = beta;
      else high = beta;
      beta = high === Number.POSITIVE_INFINITY ? beta * 2 : (low + high) / 2;
    }
  }
  return out;
}

/** Moves `start` (rows × 2) to where neighbours are near each other; `start` is not changed. */
export function tsne(neighbours: Neighbours, start: Float32Array, tick: Tick): Float32Array {
  const { k, ids } = neighbours;
  const count = start.length / 2;
  const own = affinities(neighbours, Math.min(TSNE_PERPLEXITY, Math.max(1, k / 3)), () =>
    tick(0, TSNE_ROUNDS),
  );
  const scale = Math.sqrt(start.reduce((sum, value) => sum + value * value, 0) / Math.max(1, start.length));
  const at = start.map((value) => (scale > 0 ? (value / scale) * 1e-4 : 0));
  const speed = new Float64Array(at.length);
  const gains = new Float64Array(at.length).fill(1);
  const pull = new Float64Array(at.length);
  const push = new Float64Array(at.length);
  const force = new Float64Array(3);
  const rate = Math.max(count / EXAGGERATION / 4, 50);
  const tree = new QuadTree();
  for (let round = 0; round < TSNE_ROUNDS; round++) {
    const early = round < EXAGGERATED_ROUNDS;
    pull.fill(0);
    // p = (p(j|i) + p(i|j)) / 2n: each directed edge pulls at both ends.
    for (let place = 0; place < ids.length; place++) {
      const a = 2 * Math.floor(place / k);
      const b = 2 * (ids[place] as number);
      const x = (at[a] as number) - (at[b] as number);
      const y = (at[a + 1] as number) - (at[b + 1] as number);
      const by = (own[place] as number) / (2 * count) / (1 + x * x + y * y);
      pull[a] = (pull[a] as number) + by * x;
      pull[a + 1] = (pull[a + 1] as number) + by * y;
      pull[b] = (pull[b] as number) - by * x;
      pull[b + 1] = (pull[b + 1] as number) - by * y;
    }
    tree.fill(at);
    let total = 0;
    for (let row = 0; row < count; row++) {
      if (row % ROWS_A_TICK === 0) tick(round, TSNE_ROUNDS);
      force.fill(0);
      tree.repel(at[2 * row] as number, at[2 * row + 1] as number, THETA, force);
      push[2 * row] = force[0] as number;
      push[2 * row + 1] = force[1] as number;
      // Each point meets itself once, with q = 1.
      total += (force[2] as number) - 1;
    }
    const momentum = early ? 0.5 : 0.8;
    const exaggeration = early ? EXAGGERATION : 1;
    for (let place = 0; place < at.length; place++) {
      const slope =
        4 * (exaggeration * (pull[place] as number) - (push[place] as number) / Math.max(total, 1e-12));
      const before = speed[place] as number;
      const gain = gains[place] as number;
      gains[place] = Math.max(0.01, slope * before < 0 ? gain + 0.2 : gain * 0.8);
      speed[place] = momentum * before - rate * (gains[place] as number) * slope;
      at[place] = (at[place] as number) + (speed[place] as number);
    }
  }
  tick(TSNE_ROUNDS, TSNE_ROUNDS);
  return at;
}
