import { describe, expect, it } from 'vitest';
import { completeRunConfig, DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from './runConfig.ts';

describe('completeRunConfig', () => {
  it('fills in what came later, and keeps τ where it was', () => {
    const { kind, finalTemperature, reseedDeadEvery, ...latent } = { ...DEFAULT_LATENT, temperature: 0.5 };
    const { accumulation, epochs, loraTargets, ...stored } = { ...DEFAULT_RUN, steps: 7 };
    const complete = completeRunConfig({ ...stored, latent: latent as RunConfig['latent'] });
    expect(complete).toEqual({
      ...DEFAULT_RUN,
      steps: 7,
      latent: { ...DEFAULT_LATENT, temperature: 0.5, finalTemperature: 0.5 },
    });
  });
  it('leaves a run without a latent without one', () => {
    expect(completeRunConfig({ ...DEFAULT_RUN, latent: null }).latent).toBeNull();
  });
});
