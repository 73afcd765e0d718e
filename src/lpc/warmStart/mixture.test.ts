import { describe, expect, it } from 'vitest';
import { normals, randomSource } from '#core/random.ts';
import { DEFAULT_LATENT } from '#core/runConfig.ts';
import { type Matrix, matrix } from './matrix.ts';
import {
  fitMixture,
  type Mixture,
  type MixtureSettings,
  mixtureLoss,
  priors,
  randomMixture,
} from './mixture.ts';
import { searchMixture, searchParts } from './search.ts';

const random = (rows: number, columns: number, counter: number): Matrix => ({
  rows,
  columns,
  data: Float64Array.from(normals({ seed: 3, stream: 'test.mixture', counter }, rows * columns)),
});
const PLAIN: MixtureSettings = {
  codeRidge: 0,
  priorRidge: 0,
  codeCost: 0,
  labelSmoothing: 0,
  iterations: 200,
};
const one = (...values: number[]): Matrix => ({
  rows: 1,
  columns: values.length,
  data: Float64Array.from(values),
});
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('the loss of a mixture of codes', () => {
  // One pair with h = 2, difference (1, −1); two codes with margins 3 and −1; prior logits 2·½ + 0 and 0 + 1: even.
  const mixture: Mixture = {
    codes: { rows: 2, columns: 2, data: Float64Array.of(2, -1, 0, 1) },
    weight: { rows: 2, columns: 1, data: Float64Array.of(0.5, 0) },
    bias: Float64Array.of(0, 1),
  };
  const data = { prompts: one(2), differences: one(1, -1) };

  it('is −log Σ p(k|x) σ(m_k): both codes at ½, margins 3 and −1', () => {
    const expected = -Math.log(sigmoid(3) / 2 + sigmoid(-1) / 2);
    expect(mixtureLoss(data, mixture, PLAIN, null)).toBeCloseTo(expected, 12);
  });

  it('adds half the cost of the mean squared length, (5 + 1)/2, and both ridges', () => {
    const bare = mixtureLoss(data, mixture, PLAIN, null);
    const cost = mixtureLoss(data, mixture, { ...PLAIN, codeCost: 0.1 }, null);
    expect(cost - bare).toBeCloseTo((0.1 / 2) * 3, 12);
    const ridges = mixtureLoss(data, mixture, { ...PLAIN, codeRidge: 2, priorRidge: 3 }, null);
    expect(ridges - bare).toBeCloseTo(2 * 6 + 3 * 0.25, 12);
  });

  it('with labels that may be wrong is −log Σ p(k|x)·((1 − ε)σ(m) + εσ(−m))', () => {
    const smooth = (m: number) => 0.9 * sigmoid(m) + 0.1 * sigmoid(-m);
    const loss = mixtureLoss(data, mixture, { ...PLAIN, labelSmoothing: 0.1 }, null);
    expect(loss).toBeCloseTo(-Math.log(smooth(3) / 2 + smooth(-1) / 2), 12);
  });

  it('has the gradient that differences show', () => {
    const pairs = { prompts: random(7, 3, 0), differences: random(7, 4, 1) };
    const at = {
      ...randomMixture(pairs, 3, 1, 0),
      weight: random(3, 3, 2),
      bias: Float64Array.of(0.3, -0.2, 0.1),
    };
    const settings = { ...PLAIN, codeRidge: 0.7, priorRidge: 0.4, codeCost: 0.3, labelSmoothing: 0.05 };
    const gradient = { codes: matrix(3, 4), weight: matrix(3, 3), bias: new Float64Array(3) };
    mixtureLoss(pairs, at, settings, gradient);
    const parts = [
      [at.codes.data, gradient.codes.data],
      [at.weight.data, gradient.weight.data],
      [at.bias, gradient.bias],
    ] as const;
    for (const [values, slopes] of parts) {
      for (let i = 0; i < values.length; i++) {
        const kept = values[i] as number;
        values[i] = kept + 1e-5;
        const above = mixtureLoss(pairs, at, settings, null);
        values[i] = kept - 1e-5;
        const below = mixtureLoss(pairs, at, settings, null);
        values[i] = kept;
        expect(slopes[i]).toBeCloseTo((above - below) / 2e-5, 7);
      }
    }
  });
});

/** Pairs whose first direction of the prompt says which sign the first difference must have. */
function opposed(pairs: number, byLot: boolean) {
  const prompts = random(pairs, 6, 10);
  const differences = random(pairs, 8, 11);
  const lot = randomSource({ seed: 1, stream: 'test.lot', counter: 0 });
  for (let i = 0; i < pairs; i++) {
    const sign = byLot ? (lot.uniform() < 0.5 ? -1 : 1) : Math.sign(prompts.data[6 * i] as number);
    const found = Math.sign(differences.data[8 * i] as number);
    if (found !== sign)
      for (let j = 0; j < 8; j++) differences.data[8 * i + j] = -(differences.data[8 * i + j] as number);
    prompts.data[6 * i] = 2 * (prompts.data[6 * i] as number);
  }
  return { prompts, differences, promptIds: Array.from({ length: pairs }, (_, i) => `prompt ${i}`) };
}

const LATENT = { ...DEFAULT_LATENT, codes: 6, warmStart: true, warmStartRestarts: 2 };
const SETTINGS = { latent: LATENT, labelSmoothing: 0, seed: 1 };

describe('the search', () => {
  it('finds two codes along one direction where prompts want opposite things, and tells how far it is', async () => {
    let told = 0;
    const data = opposed(240, false);
    const result = await searchMixture(data, SETTINGS, async () => {
      told += 1;
      return true;
    });
    expect(told).toBe(searchParts(data, SETTINGS));
    expect(result?.mixture.codes.rows).toBe(2);
    expect(result?.choice.span).toBe(1);
    expect(result?.bornOut).toBe(true);
    const [first, second] = [0, 8].map((at) => result?.mixture.codes.data[at] as number);
    expect(Math.sign(first as number)).toBe(-Math.sign(second as number));
    const chosen = priors(result?.mixture as Mixture, data.prompts);
    const right = data.prompts.data
      .filter((_, at) => at % 6 === 0)
      .map((cue, i) => {
        const strongest = (chosen.data[2 * i] as number) > 0.5 ? first : second;
        return Math.sign(strongest as number) === Math.sign(cue) ? 1 : 0;
      });
    expect(right.reduce((sum, value) => sum + value, 0) / 240).toBeGreaterThan(0.9);
  });

  it('is sure of its codes where prompts tell them apart: a code drawn from p(k|x) is nearly always the strongest', async () => {
    const data = opposed(240, false);
    const result = await searchMixture(data, SETTINGS, async () => true);
    expect(result?.choice.sharpness).toBeGreaterThan(1);
    const { data: chosen } = priors(result?.mixture as Mixture, data.prompts);
    const strongest = Array.from({ length: 240 }, (_, i) => Math.max(...chosen.subarray(2 * i, 2 * i + 2)));
    expect(strongest.reduce((sum, value) => sum + value, 0) / 240).toBeGreaterThan(0.9);
  });

  it('holds back where labels are drawn by lot: no loss below ln 2 on pairs set aside, and no sharper prior', async () => {
    const result = await searchMixture(opposed(240, true), SETTINGS, async () => true);
    expect(result?.validationLoss).toBeGreaterThan(Math.LN2 - 0.02);
    expect(result?.choice.sharpness).toBe(1);
    expect(result?.bornOut).toBe(false);
  });

  it('gives the same twice, ends where it is told to, and takes few pairs as they are', async () => {
    const again = async () =>
      JSON.stringify(await searchMixture(opposed(60, false), SETTINGS, async () => true));
    expect(await again()).toBe(await again());
    expect(await searchMixture(opposed(60, false), SETTINGS, async () => false)).toBeNull();
    const few = await searchMixture(opposed(5, false), SETTINGS, async () => true);
    expect(few?.validationLoss).toBeNull();
    expect(few?.bornOut).toBeNull();
    expect(few?.mixture.codes.rows).toBeGreaterThan(0);
  });

  describe('on 64 pairs that are read along as many directions as there are prompts', () => {
    /** The context is the prompt's first direction, which whitening makes no larger than the 63 of its topic. */
    const few = (byLot: boolean) => {
      const { promptIds, ...narrow } = opposed(64, byLot);
      const prompts = random(64, 64, 20);
      for (let i = 0; i < 64; i++) prompts.data[64 * i] = narrow.prompts.data[6 * i] as number;
      const differences = random(64, 4, 21);
      for (let i = 0; i < 64; i++) differences.data[4 * i] = narrow.differences.data[8 * i] as number;
      return { prompts, differences, promptIds };
    };
    const settings = { ...SETTINGS, latent: { ...LATENT, codes: 8 } };

    it('keeps two codes where contexts oppose, reading few of the directions', async () => {
      const result = await searchMixture(few(false), settings, async () => true);
      expect(result?.mixture.codes.rows).toBeGreaterThanOrEqual(2);
      expect(result?.choice.promptDirections).toBeLessThan(64);
      expect(result?.validationLoss).toBeLessThan(Math.LN2 - 0.05);
    });

    it('keeps one where labels are drawn by lot', async () => {
      const result = await searchMixture(few(true), settings, async () => true);
      expect(result?.mixture.codes.rows).toBe(1);
    });
  });

  it('leaves a code out that no prompt uses, and fits the others as if it had never been there', () => {
    const data = opposed(60, false);
    const two = { ...randomMixture(data, 2, 1, 0), bias: Float64Array.of(0.1, 0) };
    const three: Mixture = {
      codes: matrix(3, 8),
      weight: matrix(3, 6),
      bias: Float64Array.of(0.1, 0, -40),
    };
    three.codes.data.set(two.codes.data);
    const [without, beside] = [two, three].map((start) => fitMixture(data, start, PLAIN));
    expect(beside?.mixture.codes.rows).toBe(2);
    expect(beside?.loss).toBeCloseTo(without?.loss as number, 9);
  });

  it('never raises the loss it lowers', () => {
    const data = opposed(60, false);
    const start = randomMixture(data, 4, 1, 0);
    const { loss } = fitMixture(data, start, PLAIN);
    expect(loss).toBeLessThan(mixtureLoss(data, start, PLAIN, null));
  });
});
