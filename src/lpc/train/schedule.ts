/** What changes from step to step: stage, rates, the prior's share g. Steps count from 0. Pure. */
import { FacetError } from '#core/result.ts';
import type { LearningRateSchedule, RunConfig } from '#core/runConfig.ts';
import type { Stage } from '../programs/policy.ts';

export interface StepSettings {
  readonly stage: Stage;
  /** Rate of the backbone's parameters; 0 while it rests. */
  readonly learningRate: number;
  readonly headsLearningRate: number;
  /** Which update of its group this step is, from 1; 0 while the backbone rests. */
  readonly backboneUpdate: number;
  readonly headsUpdate: number;
  /** Share of the prior in the mixture; 0 → 1 over the run. */
  readonly g: number;
}

/** Refuses settings that would train nothing, before anything is loaded. */
export function checkConfig(config: RunConfig): void {
  if (config.latent === null && config.trainable === 'heads') {
    throw new FacetError({
      code: 'config.nothing-to-train',
      message: 'Without a latent there are no heads, so training heads alone would train nothing.',
      fix: 'Turn LPC on, or train LoRA or the full model.',
      where: { field: 'trainable' },
    });
  }
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
  switch (config.latent?.priorShare) {
    case 'prior-only':
      return 1;
    case 'rise':
      return config.steps < 2 ? 1 : step / (config.steps - 1);
    default:
      return 0;
  }
}

/** Backbone and heads each have a warm-up and a schedule of their own, over the steps that they train. */
export function stepSettings(config: RunConfig, step: number): StepSettings {
  const start = backboneStart(config);
  const joined = step >= start;
  const share = (from: number) =>
    rateShare(config.schedule, step - from, config.steps - from, config.warmupSteps);
  return {
    stage: joined ? 'all' : 'heads',
    learningRate: joined ? config.learningRate * share(start) : 0,
    headsLearningRate: config.headsLearningRate * share(0),
    backboneUpdate: joined ? step - start + 1 : 0,
    headsUpdate: step + 1,
    g: priorShare(config, step),
  };
}
