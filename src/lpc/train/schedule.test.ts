import { describe, expect, it } from 'vitest';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { backboneStart, rateShare, stagesOf, stepSettings } from './schedule.ts';

const run = (changed: Partial<RunConfig>): RunConfig => ({ ...DEFAULT_RUN, ...changed });

describe('rateShare', () => {
  it('warms up, then holds or falls', () => {
    expect([0, 1, 2, 3].map((step) => rateShare('constant', step, 100, 4))).toEqual([0.25, 0.5, 0.75, 1]);
    expect(rateShare('linear', 7, 10, 4)).toBeCloseTo(0.5, 12);
    expect(rateShare('cosine', 4, 10, 4)).toBe(1);
    expect(rateShare('cosine', 7, 10, 4)).toBeCloseTo(0.5, 12);
    // A third of the way: (1 + cos 60°)/2.
    expect(rateShare('cosine', 6, 10, 4)).toBeCloseTo(0.75, 12);
    expect(rateShare('constant', 0, 10, 0)).toBe(1);
  });
});

describe('stages', () => {
  it('trains heads first only where there are heads and a backbone to wait for', () => {
    expect(stagesOf(run({ trainable: 'lora', headsFirst: 0.5 }))).toEqual(['heads', 'all']);
    expect(stagesOf(run({ trainable: 'full', headsFirst: 0 }))).toEqual(['all']);
    expect(stagesOf(run({ trainable: 'lora', headsFirst: 1 }))).toEqual(['heads']);
    expect(stagesOf(run({ trainable: 'heads', headsFirst: 0 }))).toEqual(['heads']);
    expect(stagesOf(run({ latent: null, headsFirst: 0.5 }))).toEqual(['all']);
    expect(backboneStart(run({ steps: 5, headsFirst: 0.5 }))).toBe(3);
  });
  it('counts the backbone’s updates and warm-up from when it joins', () => {
    const config = run({ steps: 10, headsFirst: 0.5, warmupSteps: 2, schedule: 'constant', learningRate: 1 });
    expect(stepSettings(config, 4)).toMatchObject({
      stage: 'heads',
      learningRate: 0,
      backboneUpdate: 0,
      headsUpdate: 5,
    });
    expect(stepSettings(config, 5)).toMatchObject({
      stage: 'all',
      learningRate: 0.5,
      backboneUpdate: 1,
      headsUpdate: 6,
    });
  });
});

describe('g', () => {
  const at = (priorShare: 'rise' | 'prior-only' | 'posterior-only', step: number) =>
    stepSettings(run({ steps: 5, latent: { ...DEFAULT_LATENT, priorShare } }), step).g;
  it('rises from 0 at the first step to 1 at the last, or stays', () => {
    expect([0, 1, 2, 3, 4].map((step) => at('rise', step))).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(at('prior-only', 0)).toBe(1);
    expect(at('posterior-only', 4)).toBe(0);
  });
});

describe('τ and λ', () => {
  const at = (latent: Partial<typeof DEFAULT_LATENT>, step: number) =>
    stepSettings(run({ steps: 5, latent: { ...DEFAULT_LATENT, ...latent } }), step);
  it('τ goes geometrically from its first to its last value', () => {
    const taus = [0, 1, 2, 3, 4].map(
      (step) => at({ temperature: 2, finalTemperature: 0.125 }, step).temperature,
    );
    [2, 1, 0.5, 0.25, 0.125].forEach((expected, step) => {
      expect(taus[step]).toBeCloseTo(expected, 12);
    });
    expect(at({ temperature: 0.7, finalTemperature: 0.7 }, 3).temperature).toBe(0.7);
  });
  it('λ rises from 0 and stays', () => {
    const weights = [0, 1, 2, 3, 4].map((step) => at({ klWeight: 0.3, klWarmupSteps: 3 }, step).klWeight);
    [0, 0.1, 0.2, 0.3, 0.3].forEach((expected, step) => {
      expect(weights[step]).toBeCloseTo(expected, 12);
    });
  });
  it('the codebook follows the heads’ rate where it has none of its own', () => {
    const settings = (codebookLearningRate: number | null) =>
      stepSettings(
        run({ warmupSteps: 4, headsLearningRate: 1, codebookLearningRate, schedule: 'constant' }),
        0,
      );
    expect(settings(null).codebookLearningRate).toBe(0.25);
    expect(settings(8).codebookLearningRate).toBe(2);
  });
});
