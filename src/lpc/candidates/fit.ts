/**
 * A candidate fitted to linear rewards in full batch: codes C (K, r), a linear prior over whitened h_x (n, p), and what the candidate
 * adds. Every candidate has the same iterations, rate and first draw.
 */
import { normals } from '#core/random.ts';
import { BETA1, BETA2, EPSILON } from '../optimiser/adamw.ts';
import {
  addScaled,
  addTransposedTimes,
  dot,
  type Matrix,
  matrix,
  rowOf,
  rowViews,
  symmetricEigen,
  times,
  timesTransposed,
} from '../warmStart/matrix.ts';
import type { MixtureData } from '../warmStart/mixture.ts';
import { backThroughChoice, balance, type Choice, chooseCodes } from './choose.ts';
import { type Aim, aimOf, hasPosteriorNetwork, sigmoid } from './objective.ts';

export interface Candidate {
  readonly name: string;
  readonly aim: Aim;
  readonly codes: number;
  readonly choice: Choice;
  /** Codes and prior begin along the singular vectors of E[h_x (a(y_w) − a(y_l))ᵀ]. */
  readonly spectralStart: boolean;
  /** Rank of the map of h_x that each code adds to itself; 0: a code is one vector. */
  readonly mapRank: number;
  readonly entropyBonus: number;
  /** In pairs, as the run's settings have them. */
  readonly codeRidge: number;
  readonly priorRidge: number;
  readonly codeCost: number;
}

/** C, W, b, and as the candidate has them U (K·rank, r) and V (K·rank, p) of the maps, and the posterior network. */
export type Parameters = Readonly<Record<string, Matrix>>;

export const ITERATIONS = 300;
const RATE = 0.03;
const FIRST_STD = 0.1;

const withOnes = (of: Matrix): Matrix => {
  const wide = matrix(of.rows, of.columns + 1);
  for (let row = 0; row < of.rows; row++) {
    rowOf(wide, row).set(rowOf(of, row));
    rowOf(wide, row)[of.columns] = 1;
  }
  return wide;
};

const beside = (a: Matrix, b: Matrix): Matrix => {
  const wide = matrix(a.rows, a.columns + b.columns);
  for (let row = 0; row < a.rows; row++) {
    rowOf(wide, row).set(rowOf(a, row));
    rowOf(wide, row).set(rowOf(b, row), a.columns);
  }
  return wide;
};

/** Pairs of codes along the leading singular vectors of E[h_x δᵀ], one each way, and the prior with them. */
function spectral({ prompts, differences }: MixtureData, codes: Matrix, weight: Matrix): void {
  const cross = matrix(prompts.columns, differences.columns);
  addTransposedTimes(cross, prompts, differences);
  const { vectors } = symmetricEigen(timesTransposed(cross, cross));
  const right = times(vectors, cross);
  for (let k = 0; k < codes.rows; k++) {
    const pair = Math.floor(k / 2);
    if (pair >= vectors.rows) return;
    const [u, v] = [rowOf(vectors, pair), rowOf(right, pair)];
    const [sign, length] = [k % 2 === 0 ? 1 : -1, Math.sqrt(dot(v, v)) || 1];
    const size = FIRST_STD * Math.sqrt(differences.columns);
    rowOf(codes, k).fill(0);
    addScaled(rowOf(codes, k), v, (sign * size) / length);
    // The last column is the bias.
    addScaled(rowOf(weight, k).subarray(0, u.length), u, sign * FIRST_STD);
  }
}

export function firstParameters(data: MixtureData, candidate: Candidate, seed: number): Parameters {
  const { codes: K, mapRank, aim } = candidate;
  const p = data.prompts.columns + 1;
  const r = data.differences.columns;
  const drawn = (rows: number, columns: number, counter: number): Matrix => ({
    rows,
    columns,
    data: Float64Array.from(normals({ seed, stream: 'candidates', counter }, rows * columns, FIRST_STD)),
  });
  const first = { codes: drawn(K, r, 0), weight: matrix(K, p) };
  if (candidate.spectralStart) spectral(data, first.codes, first.weight);
  return {
    ...first,
    ...(mapRank > 0 && { up: drawn(K * mapRank, r, 1), down: drawn(K * mapRank, p, 2) }),
    ...(hasPosteriorNetwork(aim) && { posterior: matrix(K, p + r) }),
  };
}

export interface Features {
  /** Whitened h_x and a 1, (n, p + 1). */
  readonly prompts: Matrix;
  readonly differences: Matrix;
  /** Both beside each other. */
  readonly both: Matrix;
}

export const featuresOf = ({ prompts, differences }: MixtureData): Features => {
  const wide = withOnes(prompts);
  return { prompts: wide, differences, both: beside(wide, differences) };
};

/** m_k of every pair, (n, K), and with maps the two factors that go into it. */
function margins(data: Features, { codes, up, down }: Parameters, rank: number) {
  const found = timesTransposed(data.differences, codes as Matrix);
  if (!up || !down) return { margins: found, ups: null, downs: null };
  const ups = timesTransposed(data.differences, up);
  const downs = timesTransposed(data.prompts, down);
  const K = found.columns;
  for (let row = 0; row < found.rows; row++)
    for (let at = 0; at < K * rank; at++) {
      const place = row * K + Math.floor(at / rank);
      const own = row * K * rank + at;
      found.data[place] =
        (found.data[place] as number) + (ups.data[own] as number) * (downs.data[own] as number);
    }
  return { margins: found, ups, downs };
}

function priorsOf(data: Features, { weight }: Parameters, { choice }: Candidate): Matrix {
  const weights = timesTransposed(data.prompts, weight as Matrix);
  chooseCodes(choice, weights);
  return weights;
}

/** Margins of the mean code, (n), and the prior's weights, (n, K). */
export function predicted(data: Features, parameters: Parameters, candidate: Candidate) {
  const priors = priorsOf(data, parameters, candidate);
  const { margins: each } = margins(data, parameters, candidate.mapRank);
  return {
    priors,
    margins: Float64Array.from(rowViews(priors), (row, at) => dot(row, rowOf(each, at))),
  };
}

/** q ∝ p σ(m), every code used as much as another. */
function balancedPosterior(priors: Matrix, each: Matrix): Matrix {
  const q = matrix(priors.rows, priors.columns);
  for (let at = 0; at < q.data.length; at++)
    q.data[at] = (priors.data[at] as number) * sigmoid(each.data[at] as number);
  balance(q);
  return q;
}

function posteriors(
  data: Features,
  parameters: Parameters,
  { aim }: Candidate,
  priors: Matrix,
  each: Matrix,
): Matrix {
  if (aim.kind === 'balanced') return balancedPosterior(priors, each);
  if (!parameters.posterior) return matrix(priors.rows, priors.columns);
  const q = timesTransposed(data.both, parameters.posterior);
  chooseCodes('softmax', q);
  return q;
}

/** H(mean p) − mean H(p) is to be large: what it takes off the loss, its slopes added. */
function addBonus(priors: Matrix, slopes: Matrix, bonus: number): number {
  const use = new Float64Array(priors.columns);
  for (const row of rowViews(priors)) addScaled(use, row, 1 / priors.rows);
  let information = 0;
  for (let at = 0; at < priors.data.length; at++) {
    const own = Math.max(priors.data[at] as number, 1e-12);
    const mean = Math.max(use[at % priors.columns] as number, 1e-12);
    const ratio = (Math.log(own) - Math.log(mean)) / priors.rows;
    information += own * ratio;
    slopes.data[at] = (slopes.data[at] as number) - bonus * ratio;
  }
  return -bonus * information;
}

/** Loss over the pairs, ridges and all, and its gradient; `share` of the fit is done. */
export function lossAndGradient(
  data: Features,
  parameters: Parameters,
  candidate: Candidate,
  share: number,
): { readonly loss: number; readonly gradient: Parameters } {
  const { aim, choice, mapRank, codeCost } = candidate;
  const codes = parameters.codes as Matrix;
  const [n, K] = [data.prompts.rows, codes.rows];
  const gradient = Object.fromEntries(
    Object.entries(parameters).map(([name, { rows, columns }]) => [name, matrix(rows, columns)]),
  ) as Record<string, Matrix>;
  const priors = priorsOf(data, parameters, candidate);
  const { margins: each, ups, downs } = margins(data, parameters, mapRank);
  const posterior = posteriors(data, parameters, candidate, priors, each);
  const squares = Float64Array.from(rowViews(codes), (code) => dot(code, code));
  const slopes = { p: matrix(n, K), q: matrix(n, K), m: matrix(n, K) };
  const use = new Float64Array(K);
  let loss = 0;
  for (let i = 0; i < n; i++) {
    const p = rowOf(priors, i);
    const own = { p: rowOf(slopes.p, i), q: rowOf(slopes.q, i), m: rowOf(slopes.m, i) };
    loss +=
      (aimOf(aim, p, rowOf(posterior, i), rowOf(each, i), share, own) + (codeCost / 2) * dot(p, squares)) / n;
    addScaled(own.p, squares, codeCost / 2);
    addScaled(use, p, 1 / n);
    for (const slope of [own.p, own.q, own.m])
      for (let k = 0; k < K; k++) slope[k] = (slope[k] as number) / n;
  }
  if (candidate.entropyBonus > 0) loss += addBonus(priors, slopes.p, candidate.entropyBonus);
  for (let i = 0; i < n; i++) {
    backThroughChoice(choice, rowOf(priors, i), rowOf(slopes.p, i));
    backThroughChoice('softmax', rowOf(posterior, i), rowOf(slopes.q, i));
  }
  addTransposedTimes(gradient.weight as Matrix, slopes.p, data.prompts);
  if (gradient.posterior) addTransposedTimes(gradient.posterior, slopes.q, data.both);
  addTransposedTimes(gradient.codes as Matrix, slopes.m, data.differences);
  for (const [k, row] of rowViews(gradient.codes as Matrix).entries())
    addScaled(row, rowOf(codes, k), codeCost * (use[k] as number));
  if (ups && downs && gradient.up && gradient.down) {
    const spread = (other: Matrix): Matrix => {
      const wide = matrix(n, K * mapRank);
      for (let at = 0; at < wide.data.length; at++) {
        const row = Math.floor(at / (K * mapRank));
        const code = Math.floor((at % (K * mapRank)) / mapRank);
        wide.data[at] = (other.data[at] as number) * (slopes.m.data[row * K + code] as number);
      }
      return wide;
    };
    addTransposedTimes(gradient.up, spread(downs), data.differences);
    addTransposedTimes(gradient.down, spread(ups), data.prompts);
  }
  for (const [name, of] of Object.entries(parameters)) {
    const ridge = (name === 'codes' || name === 'up' ? candidate.codeRidge : candidate.priorRidge) / n;
    loss += ridge * dot(of.data, of.data);
    addScaled((gradient[name] as Matrix).data, of.data, 2 * ridge);
  }
  return { loss, gradient };
}

/** Full-batch Adam from the first draw; deterministic. */
export async function fitCandidate(
  data: MixtureData,
  candidate: Candidate,
  seed: number,
  breathe: () => Promise<unknown>,
): Promise<Parameters> {
  const features = featuresOf(data);
  const parameters = firstParameters(data, candidate, seed);
  const moments = Object.entries(parameters).map(([name, of]) => ({
    name,
    of,
    first: new Float64Array(of.data.length),
    second: new Float64Array(of.data.length),
  }));
  for (let t = 1; t <= ITERATIONS; t++) {
    const { gradient } = lossAndGradient(features, parameters, candidate, (t - 1) / ITERATIONS);
    const [a, b] = [1 - BETA1 ** t, 1 - BETA2 ** t];
    for (const { name, of, first, second } of moments) {
      const slopes = (gradient[name] as Matrix).data;
      for (let at = 0; at < slopes.length; at++) {
        const slope = slopes[at] as number;
        first[at] = BETA1 * (first[at] as number) + (1 - BETA1) * slope;
        second[at] = BETA2 * (second[at] as number) + (1 - BETA2) * slope * slope;
        const step = (first[at] as number) / a / (Math.sqrt((second[at] as number) / b) + EPSILON);
        of.data[at] = (of.data[at] as number) - RATE * step;
      }
    }
    if (t % 20 === 0) await breathe();
  }
  return parameters;
}
