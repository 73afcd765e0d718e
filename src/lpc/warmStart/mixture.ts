/**
 * Codes and prior fitted to linear rewards: each pair is explained by one of K codes, chosen by its prompt.
 * n pairs, p numbers of a prompt, r of a pair's difference, K codes.
 */
import { normals } from '#core/random.ts';
import { BETA1, BETA2, EPSILON } from '../optimiser/adamw.ts';
import { addScaled, dot, type Matrix, matrix, rowViews } from './matrix.ts';

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
/** A code that takes less of a pair than this is left out of the pair's gradient. */
const NEGLIGIBLE = 1e-7;

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

/** p(k|x) of a prompt into `to`, from the rows of W. */
function priorOf(
  weights: readonly Float64Array[],
  bias: Float64Array,
  prompt: Float64Array,
  to: Float64Array,
): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < to.length; k++) {
    const logit = dot(prompt, weights[k] as Float64Array) + (bias[k] as number);
    to[k] = logit;
    largest = Math.max(largest, logit);
  }
  let total = 0;
  for (let k = 0; k < to.length; k++) {
    to[k] = Math.exp((to[k] as number) - largest);
    total += to[k] as number;
  }
  for (let k = 0; k < to.length; k++) to[k] = (to[k] as number) / total;
}

/** p(k|x) of every prompt, (n, K). */
export function priors({ weight, bias }: Mixture, prompts: Matrix): Matrix {
  const result = matrix(prompts.rows, bias.length);
  const [weights, to] = [rowViews(weight), rowViews(result)];
  for (const [i, prompt] of rowViews(prompts).entries())
    priorOf(weights, bias, prompt, to[i] as Float64Array);
  return result;
}

const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : 1 - 1 / (1 + Math.exp(x)));

interface Gradient {
  readonly codes: Matrix;
  readonly weight: Matrix;
  readonly bias: Float64Array;
}

/**
 * −mean log Σ_k p(k|x)·P(m_k) + ρ/2·mean Σ_k p(k|x)|C_k|² + ridges, and its gradient, added to `gradient`; P(m) is
 * (1 − ε)σ(m) + εσ(−m). The posterior over codes in it is exact, q ∝ p(k|x)·P(m_k), so that this is the bound of LPC at
 * its best q, with λ = 1.
 */
export function mixtureLoss(
  { prompts, differences }: MixtureData,
  mixture: Mixture,
  settings: MixtureSettings,
  gradient: Gradient | null,
): number {
  const { codes, weight, bias } = mixture;
  const n = prompts.rows;
  const K = codes.rows;
  const [promptRows, differenceRows] = [rowViews(prompts), rowViews(differences)];
  const [codeRows, weightRows] = [rowViews(codes), rowViews(weight)];
  const slopes = gradient && { codes: rowViews(gradient.codes), weight: rowViews(gradient.weight) };
  const { codeCost, labelSmoothing: epsilon } = settings;
  const prior = new Float64Array(K);
  const joint = new Float64Array(K);
  const slope = new Float64Array(K);
  const squares = Float64Array.from(codeRows, (code) => dot(code, code));
  const use = new Float64Array(K);
  let loss = 0;
  for (let i = 0; i < n; i++) {
    const prompt = promptRows[i] as Float64Array;
    const difference = differenceRows[i] as Float64Array;
    priorOf(weightRows, bias, prompt, prior);
    let total = 0;
    let cost = 0;
    for (let k = 0; k < K; k++) {
      const right = sigmoid(dot(difference, codeRows[k] as Float64Array));
      const likelihood = epsilon + (1 - 2 * epsilon) * right;
      joint[k] = (prior[k] as number) * likelihood;
      slope[k] = ((1 - 2 * epsilon) * right * (1 - right)) / Math.max(likelihood, 1e-300);
      total += joint[k] as number;
      cost += (prior[k] as number) * (squares[k] as number);
    }
    loss += (-Math.log(Math.max(total, 1e-300)) + (codeCost / 2) * cost) / n;
    if (gradient === null || slopes === null) continue;
    for (let k = 0; k < K; k++) {
      const p = prior[k] as number;
      const q = (joint[k] as number) / Math.max(total, 1e-300);
      use[k] = (use[k] as number) + p / n;
      if (p < NEGLIGIBLE && q < NEGLIGIBLE) continue;
      addScaled(slopes.codes[k] as Float64Array, difference, (-q * (slope[k] as number)) / n);
      const logit = (p - q + (codeCost / 2) * p * ((squares[k] as number) - cost)) / n;
      addScaled(slopes.weight[k] as Float64Array, prompt, logit);
      gradient.bias[k] = (gradient.bias[k] as number) + logit;
    }
  }
  const ridges: readonly (readonly [number, Matrix, Matrix | undefined])[] = [
    [settings.codeRidge / n, codes, gradient?.codes],
    [settings.priorRidge / n, weight, gradient?.weight],
  ];
  for (const [ridge, of, into] of ridges) {
    loss += ridge * dot(of.data, of.data);
    if (into) addScaled(into.data, of.data, 2 * ridge);
  }
  for (let k = 0; slopes && k < K; k++)
    addScaled(slopes.codes[k] as Float64Array, codeRows[k] as Float64Array, codeCost * (use[k] as number));
  return loss;
}

/** Full-batch Adam on the loss above, from a given start; deterministic. */
export function fitMixture(
  data: MixtureData,
  start: Mixture,
  settings: MixtureSettings,
): { readonly mixture: Mixture; readonly loss: number } {
  const mixture: Mixture = {
    codes: { ...start.codes, data: start.codes.data.slice() },
    weight: { ...start.weight, data: start.weight.data.slice() },
    bias: start.bias.slice(),
  };
  const parameters = [mixture.codes.data, mixture.weight.data, mixture.bias];
  const first = parameters.map(({ length }) => new Float64Array(length));
  const second = parameters.map(({ length }) => new Float64Array(length));
  for (let t = 1; t <= settings.iterations; t++) {
    const gradient: Gradient = {
      codes: matrix(mixture.codes.rows, mixture.codes.columns),
      weight: matrix(mixture.weight.rows, mixture.weight.columns),
      bias: new Float64Array(mixture.bias.length),
    };
    mixtureLoss(data, mixture, settings, gradient);
    const gradients = [gradient.codes.data, gradient.weight.data, gradient.bias];
    const correction = [1 - BETA1 ** t, 1 - BETA2 ** t] as const;
    for (const [part, values] of parameters.entries()) {
      const [g, m, v] = [gradients[part], first[part], second[part]] as [
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
  }
  return { mixture, loss: mixtureLoss(data, mixture, settings, null) };
}
