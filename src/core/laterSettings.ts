/**
 * Settings that runs could not choose at first, with what runs did then. Checkpoints and projects of that time are
 * completed by them: they never change, whatever the defaults become.
 */
import type { LatentConfig, RunConfig } from './runConfig.ts';

export const LATER_SETTINGS = {
  loraTargets: ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'],
  loraDropout: 0,
  epochs: null,
  accumulation: 1,
  earlyStoppingPatience: 0,
  recompute: false,
  codebookLearningRate: null,
} as const satisfies Partial<RunConfig>;

/** `finalTemperature` came later too: τ stayed where it was. */
export const LATER_LATENT_SETTINGS = {
  kind: 'codebook',
  injection: 'head',
  injectionLayers: 2,
  inference: 'expectation',
  klWarmupSteps: 0,
  freeBits: 0,
  reseedDeadEvery: 0,
} as const satisfies Partial<LatentConfig>;

type WithoutLater<All, Later> = Omit<All, keyof Later> & Partial<All>;
type EarlyLatent = WithoutLater<
  LatentConfig,
  typeof LATER_LATENT_SETTINGS & Pick<LatentConfig, 'finalTemperature'>
>;
export type EarlyRunConfig = WithoutLater<Omit<RunConfig, 'latent'>, typeof LATER_SETTINGS> & {
  readonly latent: EarlyLatent | null;
};

/** A run's settings of any time, whole. */
export function withLaterSettings({ latent, ...stored }: EarlyRunConfig): RunConfig {
  return {
    ...LATER_SETTINGS,
    ...stored,
    latent: latent && { ...LATER_LATENT_SETTINGS, finalTemperature: latent.temperature, ...latent },
  };
}
