import type { NamedData } from '#compute/program.ts';
import { codesOf, hasPosterior } from '#core/methods.ts';
import type { RunConfig } from '#core/runConfig.ts';
import { biasCorrections } from '../optimiser/adamw.ts';

export interface StepScalars {
  readonly learningRate: number;
  /** Update of the backbone group that this step is, t ≥ 1; counted from when it began to train. */
  readonly backboneUpdate: number;
  readonly headsLearningRate: number;
  readonly codebookLearningRate: number;
  readonly lengthLearningRate: number;
  /** Update of heads and codebook that this step is, t ≥ 1. */
  readonly headsUpdate: number;
  readonly g: number;
  /** τ */
  readonly temperature: number;
  /** λ, as far as it has risen. */
  readonly klWeight: number;
}

/** The scalar inputs of a training step; those of the latent only where the run has one. */
export function stepInputs(scalars: StepScalars, config: RunConfig): NamedData {
  const backbone = biasCorrections(Math.max(1, scalars.backboneUpdate));
  const heads = biasCorrections(Math.max(1, scalars.headsUpdate));
  const values: Record<string, number> = {
    learningRate: scalars.learningRate,
    biasCorrection1: backbone.first,
    biasCorrection2: backbone.second,
    ...(config.latent && {
      headsLearningRate: scalars.headsLearningRate,
      codebookLearningRate: scalars.codebookLearningRate,
      lengthLearningRate: scalars.lengthLearningRate,
      headsBiasCorrection1: heads.first,
      headsBiasCorrection2: heads.second,
    }),
    ...(hasPosterior(config) && { g: scalars.g, klWeight: scalars.klWeight }),
    ...(codesOf(config) !== null && { temperature: scalars.temperature }),
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Float32Array.of(value)]));
}
