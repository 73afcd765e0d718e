import { describe, expect, it } from 'vitest';
import { DEFAULT_LATENT } from '#core/runConfig.ts';
import type { PackedRow } from '../packing/pack.ts';
import { evaluationFrame, measuredPairs, type PairOrigin } from './evaluation.ts';

const pair = (pairId: string, promptId: string, chosen: number, rejected: number) => ({
  pairId,
  promptId,
  prompt: Int32Array.of(1),
  chosen: new Int32Array(chosen),
  rejected: new Int32Array(rejected),
  cut: { prompt: 0, chosen: 0, rejected: 0 },
});
/** Four pairs of three prompts, two codes; the last two pairs share a prompt. */
const row = {
  pairs: [pair('a', '1', 5, 3), pair('b', '2', 2, 4), pair('c', '3', 3, 3), pair('d', '3', 9, 1)],
} as unknown as PackedRow;
const outputs = {
  margin: Float32Array.of(1, -1, 0, 2),
  rewards: Float32Array.of(1, 0, -1, 0, 0, 0, 3, 1),
  logps: Float32Array.of(-1, -2, -3, -4, -5, -6, -7, -8),
  loss: Float32Array.of(0.25, 0.75, 0.5, 0.5),
  posteriorMargin: Float32Array.of(1, 1, 1, 1),
  swappedMargin: Float32Array.of(-1, -1, -1, 1),
  kl: Float32Array.of(0.5, 0.5, 1, 1),
  prior: Float32Array.of(0.75, 0.25, 0.25, 0.75, 0.25, 0.75, 0.25, 0.75),
  posterior: Float32Array.of(0.5, 0.5, 1, 0, 0, 1, 0.25, 0.75),
};
const latent = { objective: 'dpo', latent: { ...DEFAULT_LATENT, codes: 2 } } as const;
const origins: Record<string, PairOrigin> = {
  a: { source: 's', aspect: 'polite' },
  b: { source: 's', aspect: 'short' },
  c: { source: 's', aspect: null },
  d: { source: 's', aspect: null },
};

describe('evaluationFrame', () => {
  it('measures accuracy strictly, margins, rewards, codes once a prompt, and NMI with source and aspect', () => {
    const frame = evaluationFrame(7, measuredPairs(row, outputs, latent), latent, (id) => origins[id]!);
    expect(frame).toMatchObject({
      step: 7,
      pairs: 4,
      loss: 0.5,
      // A margin of 0 is not right.
      accuracy: 0.5,
      posteriorAccuracy: 1,
      swappedAccuracy: 0.25,
      priorPosteriorGap: 0.5,
      margin: 0.5,
      rewardChosen: 0.75,
      rewardRejected: 0.25,
      logpChosen: -4,
      logpRejected: -5,
      kl: 0.75,
      deadCodes: 0,
      nmiSource: null,
      // Codes 0 and 1 for polite and short: each tells the other. Prompts without an aspect don't count.
      nmiAspect: 1,
    });
    // Sample variance of 1, −1, 0, 2 is 5/3.
    expect(frame?.marginStd).toBeCloseTo(Math.sqrt(5 / 3), 9);
    // Mean p over three prompts: (1.25, 1.75)/3.
    expect(frame?.topCodeShare).toBeCloseTo(1.75 / 3, 6);
    expect(frame?.promptEntropy).toBeCloseTo(-(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25)), 6);
    expect(frame?.lengthCorrelation).toBeGreaterThan(0.8);
  });
  it('keeps the strongest codes of prior and posterior by pair', () => {
    const results = measuredPairs(row, outputs, latent).map(({ result }) => result);
    expect(results[1]).toMatchObject({
      pairId: 'b',
      margin: -1,
      posteriorMargin: 1,
      swappedMargin: -1,
      prior: { code: 1, weight: 0.75 },
      posterior: { code: 0, weight: 1 },
    });
  });
  it('gives null for what needs codes or a posterior where there is none', () => {
    const none = { objective: 'dpo', latent: null } as const;
    const frame = evaluationFrame(1, measuredPairs(row, outputs, none), none, (id) => origins[id]!);
    expect(frame).toMatchObject({
      accuracy: 0.5,
      posteriorAccuracy: null,
      kl: 0,
      deadCodes: null,
      nmiAspect: null,
    });
  });
});
