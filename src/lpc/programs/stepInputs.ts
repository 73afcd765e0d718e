import type { NamedData } from '#compute/program.ts';
import { biasCorrections } from '../optimiser/adamw.ts';

export interface StepScalars {
  readonly learningRate: number;
  /** Update of the backbone group that this step is, t ≥ 1; counted from when it began to train. */
  readonly backboneUpdate: number;
  readonly headsLearningRate: number;
  /** Update of heads and codebook that this step is, t ≥ 1. */
  readonly headsUpdate: number;
  readonly g: number;
}

/** The scalar inputs of `trainProgram`; those of the latent only where the run has one. */
export function stepInputs(scalars: StepScalars, hasLatent: boolean): NamedData {
  const backbone = biasCorrections(Math.max(1, scalars.backboneUpdate));
  const heads = biasCorrections(Math.max(1, scalars.headsUpdate));
  const values: Record<string, number> = {
    learningRate: scalars.learningRate,
    biasCorrection1: backbone.first,
    biasCorrection2: backbone.second,
    ...(hasLatent && {
      headsLearningRate: scalars.headsLearningRate,
      headsBiasCorrection1: heads.first,
      headsBiasCorrection2: heads.second,
      g: scalars.g,
    }),
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Float32Array.of(value)]));
}
