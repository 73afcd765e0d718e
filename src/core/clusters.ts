/** Prompts put together by their mixes of codes: k-means on √p, whose distances are Hellinger's. Pure. */
import { type RandomSource, randomSource } from './random.ts';

const MOST_CLUSTERS = 12;
/** Rows that centres are found on, always the same ones; every row then goes to its nearest centre. */
const FITTED_ROWS = 4000;
const ROUNDS = 25;
/** Of k there are as many fits, from other beginnings; the tightest stands. */
const FITS = 3;
/** A code belongs to a cluster's name from this share of its strongest one's mean weight. */
const NAMED_SHARE = 0.5;
const MOST_NAMED = 3;

interface Rows {
  readonly values: Float32Array;
  readonly width: number;
  readonly count: number;
}
interface Fit {
  readonly centres: Float32Array;
  readonly k: number;
  /** Sum of squared distances to the nearest centre. */
  readonly spread: number;
}

function squared(rows: Rows, row: number, centres: Float32Array, centre: number): number {
  const { values, width } = rows;
  let sum = 0;
  for (let at = 0; at < width; at++) {
    const difference = (values[row * width + at] as number) - (centres[centre * width + at] as number);
    sum += difference * difference;
  }
  return sum;
}

/** Nearest centre of a row with its squared distance, and that of the one after it. */
function nearest(rows: Rows, row: number, { centres, k }: Pick<Fit, 'centres' | 'k'>) {
  let [centre, first, second] = [0, Infinity, Infinity];
  for (let at = 0; at < k; at++) {
    const distance = squared(rows, row, centres, at);
    if (distance < first) [centre, first, second] = [at, distance, first];
    else if (distance < second) second = distance;
  }
  return { centre, first, second };
}

/** k-means++ (Arthur and Vassilvitskii 2007). */
function begin(rows: Rows, k: number, random: RandomSource): Float32Array {
  const { values, width, count } = rows;
  const centres = new Float32Array(k * width);
  const least = new Float64Array(count).fill(Infinity);
  let chosen = random.integer(count);
  for (let centre = 0; centre < k; centre++) {
    centres.set(values.subarray(chosen * width, (chosen + 1) * width), centre * width);
    let sum = 0;
    for (let row = 0; row < count; row++) {
      least[row] = Math.min(least[row] as number, squared(rows, row, centres, centre));
      sum += least[row] as number;
    }
    let left = random.uniform() * sum;
    chosen = 0;
    while (chosen < count - 1 && left >= (least[chosen] as number)) left -= least[chosen++] as number;
  }
  return centres;
}

function centresOf(rows: Rows, k: number, random: RandomSource): Fit {
  const { values, width, count } = rows;
  const centres = begin(rows, k, random);
  let spread = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const sums = new Float64Array(k * width);
    const sizes = new Uint32Array(k);
    let now = 0;
    for (let row = 0; row < count; row++) {
      const { centre, first } = nearest(rows, row, { centres, k });
      now += first;
      sizes[centre]! += 1;
      for (let at = 0; at < width; at++) sums[centre * width + at]! += values[row * width + at] as number;
    }
    if (now >= spread) break;
    spread = now;
    for (let centre = 0; centre < k; centre++)
      for (let at = 0; at < width && sizes[centre]! > 0; at++)
        centres[centre * width + at] = (sums[centre * width + at] as number) / (sizes[centre] as number);
  }
  return { centres, k, spread };
}

/** How much nearer rows are to their own centre than to the next one, mean of 1 − own / next; 1 where they coincide with it. */
function apartness(rows: Rows, found: Fit): number {
  let sum = 0;
  for (let row = 0; row < rows.count; row++) {
    const { first, second } = nearest(rows, row, found);
    if (second > 0) sum += 1 - Math.sqrt(first / second);
  }
  return sum / rows.count;
}

/** As many clusters as stand apart most, 12 at most; one where all rows are equal. */
function bestFit(rows: Rows): Fit {
  let [best, most] = [centresOf(rows, 1, randomSource({ seed: 0, stream: 'clusters', counter: 1 })), 0];
  if (best.spread <= 1e-9 * rows.count) return best;
  for (let k = 2; k <= Math.min(MOST_CLUSTERS, rows.count - 1); k++) {
    const random = randomSource({ seed: 0, stream: 'clusters', counter: k });
    const fits = Array.from({ length: FITS }, () => centresOf(rows, k, random));
    const tightest = fits.reduce((least, one) => (one.spread < least.spread ? one : least));
    const apart = apartness(rows, tightest);
    if (apart > most) [best, most] = [tightest, apart];
  }
  return best;
}

function rootsOf(weights: ArrayLike<number>, codes: number, rows: ArrayLike<number>): Rows {
  const values = new Float32Array(rows.length * codes);
  for (let place = 0; place < rows.length; place++)
    for (let code = 0; code < codes; code++)
      values[place * codes + code] = Math.sqrt(weights[(rows[place] as number) * codes + code] as number);
  return { values, width: codes, count: rows.length };
}

/** Codes that carry a cluster, strongest first: `codes 3, 7`. */
function wordsOf(mean: ArrayLike<number>): string {
  const order = Array.from(mean, (_, code) => code).sort(
    (a, b) => (mean[b] as number) - (mean[a] as number) || a - b,
  );
  const least = NAMED_SHARE * (mean[order[0] as number] as number);
  const named = order.filter((code) => (mean[code] as number) >= least);
  return `${named.length === 1 ? 'code' : 'codes'} ${named.slice(0, MOST_NAMED).join(', ')}${named.length > MOST_NAMED ? ', …' : ''}`;
}

/**
 * Name of each row's cluster, `A: codes 3, 7`, A the largest. `weights`: rows × codes. The same rows give the same clusters;
 * there are clusters in noise, too.
 */
export function clustersOf(weights: Float32Array, codes: number): string[] {
  const count = codes === 0 ? 0 : weights.length / codes;
  if (count === 0) return [];
  const all = Array.from({ length: count }, (_, row) => row);
  const drawn = randomSource({ seed: 0, stream: 'clusters.rows', counter: 0 });
  const sample = count > FITTED_ROWS ? drawn.shuffle(all).slice(0, FITTED_ROWS) : all;
  const found = bestFit(rootsOf(weights, codes, sample));
  const of = new Uint8Array(count);
  const means = Array.from({ length: found.k }, () => new Float64Array(codes));
  const sizes = new Uint32Array(found.k);
  const one: Rows = { values: new Float32Array(codes), width: codes, count: 1 };
  for (let row = 0; row < count; row++) {
    for (let code = 0; code < codes; code++)
      one.values[code] = Math.sqrt(weights[row * codes + code] as number);
    const { centre } = nearest(one, 0, found);
    of[row] = centre;
    sizes[centre]! += 1;
    const mean = means[centre] as Float64Array;
    for (let code = 0; code < codes; code++) mean[code]! += weights[row * codes + code] as number;
  }
  const rank = Array.from(sizes, (_, centre) => centre).sort(
    (a, b) => (sizes[b] as number) - (sizes[a] as number) || a - b,
  );
  const names = means.map(
    (mean, centre) => `${String.fromCharCode(65 + rank.indexOf(centre))}: ${wordsOf(mean)}`,
  );
  return Array.from(of, (centre) => names[centre] as string);
}
