/**
 * Codes and prior fitted to linear rewards: each pair is explained by one of K codes, chosen by its prompt.
 * n pairs, p numbers of a prompt, r of a pair's difference, K codes.
 */
import { normals } from '#core/random.ts';
import { BETA1, BETA2, EPSILON } from '../optimiser/adamw.ts';
import {
  addScaled,
  addTransposedTimes,
  dot,
  type Matrix,
  matrix,
  rowsAt,
  rowViews,
  timesTransposed,
} from './matrix.ts';

export interface MixtureData {
  /** Whitened h_x, (n, p). */
  readonly prompts: Matrix;
  /** Whitened a(y_w) − a(y_l), (n, r). */
  readonly differences: Matrix;
}

export interface Mixture {
  /** C (K, r): m_k = difference · C_k is the margin under code k. */
  readonly codes: Matrix;
  /** W (K, p) and b (K): p(k|x) = softmax(W·h_x + b). */
  readonly weight: Matrix;
  readonly bias: Float64Array;
}

export interface MixtureSettings {
  /** Ridge on codes and on the prior's weights, in pairs: each weighs this / n. */
  readonly codeRidge: number;
  readonly priorRidge: number;
  /** ρ: each prompt pays ρ/2 · Σ_k p(k|x)·|C_k|², the square of how far its codes move the model. */
  readonly codeCost: number;
  /** cDPO ε: share of labels that may be wrong. */
  readonly labelSmoothing: number;
  readonly iterations: number;
}

const RATE = 0.03;
const FIRST_STD = 0.1;
/** A code with less of the mean of p(k|x) is not in use. */
const LEAST_USE = 1e-3;
/** Iterations between looks for codes without use. */
const LOOK_EVERY = 20;

export const randomMixture = (
  { prompts, differences }: MixtureData,
  codes: number,
  seed: number,
  restart: number,
): Mixture => ({
  codes: {
    rows: codes,
    columns: differences.columns,
    data: Float64Array.from(
      normals({ seed, stream: 'warm-start', counter: restart }, codes * differences.columns, FIRST_STD),
    ),
  },
  weight: matrix(codes, prompts.columns),
  bias: new Float64Array(codes),
});

/** Logits to their softmax, in place. */
function softmax(logits: Float64Array): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < logits.length; k++) largest = Math.max(largest, logits[k] as number);
  let total = 0;
  for (let k = 0; k < logits.length; k++) {
    logits[k] = Math.exp((logits[k] as number) - largest);
    total += logits[k] as number;
  }
  for (let k = 0; k < logits.length; k++) logits[k] = (logits[k] as number) / total;
}

/** p(k|x) of every prompt, (n, K). */
export function priors({ weight, bias }: Mixture, prompts: Matrix): Matrix {
  const result = timesTransposed(prompts, weight);
  for (const row of rowViews(result)) {
    addScaled(row, bias, 1);
    softmax(row);
  }
  return result;
}

const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : 1 - 1 / (1 + Math.exp(x)));

interface Gradient {
  readonly codes: Matrix;
  readonly weight: Matrix;
  readonly bias: Float64Array;
}

const zeroGradient = ({ codes, weight, bias }: Mixture): Gradient => ({
  codes: matrix(codes.rows, codes.columns),
  weight: matrix(weight.rows, weight.columns),
  bias: new Float64Array(bias.length),
});

/**
 * −mean log Σ_k p(k|x)·P(m_k) + ρ/2·mean Σ_k p(k|x)|C_k|² + ridges, and its gradient, added to `gradient`; P(m) is
 * (1 − ε)σ(m) + εσ(−m). The posterior over codes in it is exact, q ∝ p(k|x)·P(m_k), so that this is the bound of LPC at
 * its best q, with λ = 1. The mean of p(k|x) is put into `use`.
 */
export function mixtureLoss(
  { prompts, differences }: MixtureData,
  mixture: Mixture,
  settings: MixtureSettings,
  gradient: Gradient | null,
  use = new Float64Array(mixture.codes.rows),
): number {
  const { codes, weight } = mixture;
  const n = prompts.rows;
  const K = codes.rows;
  const codeRows = rowViews(codes);
  const { codeCost, labelSmoothing: epsilon } = settings;
  const squares = Float64Array.from(codeRows, (code) => dot(code, code));
  // Become the slopes of the loss in margins and logits.
  const margins = timesTransposed(differences, codes);
  const logits = priors(mixture, prompts);
  const joint = new Float64Array(K);
  const slope = new Float64Array(K);
  use.fill(0);
  let loss = 0;
  for (let i = 0; i < n; i++) {
    const at = i * K;
    let total = 0;
    let cost = 0;
    for (let k = 0; k < K; k++) {
      const prior = logits.data[at + k] as number;
      const right = sigmoid(margins.data[at + k] as number);
      const likelihood = epsilon + (1 - 2 * epsilon) * right;
      joint[k] = prior * likelihood;
      slope[k] = ((1 - 2 * epsilon) * right * (1 - right)) / Math.max(likelihood, 1e-300);
      total += joint[k] as number;
      cost += prior * (squares[k] as number);
      use[k] = (use[k] as number) + prior / n;
    }
    loss += (-Math.log(Math.max(total, 1e-300)) + (codeCost / 2) * cost) / n;
    if (gradient === null) continue;
    for (let k = 0; k < K; k++) {
      const p = logits.data[at + k] as number;
      const q = (joint[k] as number) / Math.max(total, 1e-300);
      const logit = (p - q + (codeCost / 2) * p * ((squares[k] as number) - cost)) / n;
      margins.data[at + k] = (-q * (slope[k] as number)) / n;
      logits.data[at + k] = logit;
      gradient.bias[k] = (gradient.bias[k] as number) + logit;
    }
  }
  if (gradient !== null) {
    addTransposedTimes(gradient.codes, margins, differences);
    addTransposedTimes(gradient.weight, logits, prompts);
    for (const [k, row] of rowViews(gradient.codes).entries())
      addScaled(row, codeRows[k] as Float64Array, codeCost * (use[k] as number));
  }
  const ridges: readonly (readonly [number, Matrix, Matrix | undefined])[] = [
    [settings.codeRidge / n, codes, gradient?.codes],
    [settings.priorRidge / n, weight, gradient?.weight],
  ];
  for (const [ridge, of, into] of ridges) {
    loss += ridge * dot(of.data, of.data);
    if (into) addScaled(into.data, of.data, 2 * ridge);
  }
  return loss;
}

/** Of a mixture or of what goes with it, number by number: the rows of these codes. */
export const withCodes = ({ codes, weight, bias }: Mixture, kept: readonly number[]): Mixture => ({
  codes: rowsAt(codes, kept),
  weight: rowsAt(weight, kept),
  bias: Float64Array.from(kept, (code) => bias[code] as number),
});

const partsOf = ({ codes, weight, bias }: Mixture): readonly Float64Array[] => [
  codes.data,
  weight.data,
  bias,
];

/** The codes with a mean p(k|x) that counts, the most used first; one at least. */
export function codesInUse(use: Float64Array): number[] {
  const order = [...use.keys()].sort((a, b) => (use[b] as number) - (use[a] as number));
  return order.filter((code, place) => place === 0 || (use[code] as number) >= LEAST_USE);
}

/**
 * Full-batch Adam on the loss above, from a given start; deterministic. Codes that have lost all use don't come back, and
 * leave the fit.
 */
export function fitMixture(
  data: MixtureData,
  start: Mixture,
  settings: MixtureSettings,
): { readonly mixture: Mixture; readonly loss: number } {
  const all = [...start.bias.keys()];
  let mixture = withCodes(start, all);
  let [first, second]: [Mixture, Mixture] = [zeroGradient(mixture), zeroGradient(mixture)];
  for (let t = 1; t <= settings.iterations; t++) {
    const gradient = zeroGradient(mixture);
    const use = new Float64Array(mixture.codes.rows);
    mixtureLoss(data, mixture, settings, gradient, use);
    const correction = [1 - BETA1 ** t, 1 - BETA2 ** t] as const;
    const [gradients, firsts, seconds] = [gradient, first, second].map(partsOf);
    for (const [part, values] of partsOf(mixture).entries()) {
      const [g, m, v] = [gradients?.[part], firsts?.[part], seconds?.[part]] as [
        Float64Array,
        Float64Array,
        Float64Array,
      ];
      for (let i = 0; i < values.length; i++) {
        const slope = g[i] as number;
        m[i] = BETA1 * (m[i] as number) + (1 - BETA1) * slope;
        v[i] = BETA2 * (v[i] as number) + (1 - BETA2) * slope * slope;
        const step =
          (m[i] as number) / correction[0] / (Math.sqrt((v[i] as number) / correction[1]) + EPSILON);
        values[i] = (values[i] as number) - RATE * step;
      }
    }
    if (t % LOOK_EVERY !== 0) continue;
    const kept = codesInUse(use);
    if (kept.length < use.length)
      [mixture, first, second] = [mixture, first, second].map((of) => withCodes(of, kept)) as [
        Mixture,
        Mixture,
        Mixture,
      ];
  }
  return { mixture, loss: mixtureLoss(data, mixture, settings, null) };
}
