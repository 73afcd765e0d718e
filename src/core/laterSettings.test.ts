import { describe, expect, it } from 'vitest';
import { LATER_SETTINGS, withLaterSettings } from './laterSettings.ts';
import { DEFAULT_LATENT, DEFAULT_RUN } from './runConfig.ts';

describe('settings of an earlier time', () => {
  it('gain what came later, and τ stays where it was', () => {
    const { kind, finalTemperature, reseedDeadEvery, warmStart, ...latent } = {
      ...DEFAULT_LATENT,
      temperature: 0.5,
    };
    const { accumulation, epochs, loraTargets, bestBy, ...stored } = { ...DEFAULT_RUN, steps: 7 };
    expect(withLaterSettings({ ...stored, latent })).toEqual({
      ...DEFAULT_RUN,
      ...LATER_SETTINGS.trainingLoop.run,
      bestBy: 'accuracy',
      steps: 7,
      latent: { ...DEFAULT_LATENT, temperature: 0.5, finalTemperature: 0.5 },
    });
  });
  it('keep what they have', () => {
    const chosen = { ...DEFAULT_RUN, accumulation: 4, latent: { ...DEFAULT_LATENT, finalTemperature: 0.25 } };
    expect(withLaterSettings(chosen)).toEqual(chosen);
    expect(withLaterSettings({ ...DEFAULT_RUN, latent: null }).latent).toBeNull();
  });
});
