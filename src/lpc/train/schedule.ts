/** What changes from step to step: stage, rates, g, τ, λ. Steps count from 0. Pure. */

import { hasPosterior } from '#core/methods.ts';
import type { LatentConfig, LearningRateSchedule, RunConfig } from '#core/runConfig.ts';
import type { Stage } from '../programs/policy.ts';
import type { StepScalars } from '../programs/stepInputs.ts';

/** Scalars of a step, and its stage. Rate and update of the backbone are 0 while it rests. */
export interface StepSettings extends StepScalars {
  readonly stage: Stage;
}

/** First step at which the backbone trains; equal to `steps` where it never does. */
export function backboneStart(config: RunConfig): number {
  if (config.trainable === 'heads') return config.steps;
  if (config.latent === null) return 0;
  return Math.round(config.headsFirst * config.steps);
}

/** Stages that a run goes through, in order. */
export function stagesOf(config: RunConfig): Stage[] {
  const start = backboneStart(config);
  return [...(start > 0 ? ['heads' as const] : []), ...(start < config.steps ? ['all' as const] : [])];
}

/**
 * Share of the full rate at `step` of `steps`: linear warm-up (w steps, the first at 1/w), then constant, linear to
 * 0, or cosine (1 + cos πt)/2 with t the share of the steps after warm-up.
 */
export function rateShare(
  schedule: LearningRateSchedule,
  step: number,
  steps: number,
  warmupSteps: number,
): number {
  const warmup = Math.min(warmupSteps, steps);
  if (step < warmup) return (step + 1) / warmup;
  const t = (step - warmup) / Math.max(1, steps - warmup);
  if (schedule === 'constant') return 1;
  return schedule === 'linear' ? 1 - t : (1 + Math.cos(Math.PI * t)) / 2;
}

function priorShare(config: RunConfig, step: number): number {
  if (!hasPosterior(config)) return 0;
  switch (config.latent?.priorShare) {
    case 'prior-only':
      return 1;
    case 'rise':
      return config.steps < 2 ? 1 : step / (config.steps - 1);
    default:
      return 0;
  }
}

/** τ at a step: geometric from `temperature` to `finalTemperature` over the run. */
function temperatureAt({ temperature, finalTemperature }: LatentConfig, step: number, steps: number): number {
  if (finalTemperature === temperature || steps < 2) return temperature;
  return temperature * (finalTemperature / temperature) ** (step / (steps - 1));
}

/** λ at a step: rises linearly from 0 over `klWarmupSteps`. */
const klWeightAt = ({ klWeight, klWarmupSteps }: LatentConfig, step: number): number =>
  step < klWarmupSteps ? (klWeight * step) / klWarmupSteps : klWeight;

/** Backbone and heads each have a warm-up and a schedule of their own, over the steps that they train. */
export function stepSettings(config: RunConfig, step: number): StepSettings {
  const start = backboneStart(config);
  const { latent } = config;
  const joined = step >= start;
  const share = (from: number) =>
    rateShare(config.schedule, step - from, config.steps - from, config.warmupSteps);
  return {
    stage: joined ? 'all' : 'heads',
    learningRate: joined ? config.learningRate * share(start) : 0,
    headsLearningRate: config.headsLearningRate * share(0),
    codebookLearningRate: (config.codebookLearningRate ?? config.headsLearningRate) * share(0),
    lengthLearningRate: config.lengthLearningRate * share(0),
    backboneUpdate: joined ? step - start + 1 : 0,
    headsUpdate: step + 1,
    g: priorShare(config, step),
    temperature: latent === null ? 1 : temperatureAt(latent, step, config.steps),
    klWeight: latent === null ? 0 : klWeightAt(latent, step),
  };
}
