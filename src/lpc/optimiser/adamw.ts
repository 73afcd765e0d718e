/** AdamW as one pure step over named tensors (Loshchilov & Hutter 2019, Algorithm 2; PyTorch's torch.optim.AdamW). */
import type { NamedTensors, Tensor, TensorSpec } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';

export const BETA1 = 0.9;
export const BETA2 = 0.999;
export const EPSILON = 1e-8;

export const firstMoment = (name: string): string => `adam.m.${name}`;
export const secondMoment = (name: string): string => `adam.v.${name}`;

/** State names and shapes of the moments, all zero at the start. */
export function momentSpecs(parameters: Readonly<Record<string, TensorSpec>>): Record<string, TensorSpec> {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, spec]) => [
      [firstMoment(name), spec],
      [secondMoment(name), spec],
    ]),
  );
}

/** 1 − β₁ᵗ and 1 − β₂ᵗ for the t-th update, t ≥ 1. */
export const biasCorrections = (t: number): { first: number; second: number } => ({
  first: 1 - BETA1 ** t,
  second: 1 - BETA2 ** t,
});

/** Scalars of one parameter group, as tensors of shape []. */
export interface GroupRates {
  readonly learningRate: Tensor;
  readonly biasCorrection1: Tensor;
  readonly biasCorrection2: Tensor;
}

export interface AdamwStep {
  readonly parameters: readonly string[];
  /** Values and moments by their names. */
  readonly state: (name: string) => Tensor;
  readonly gradients: NamedTensors;
  readonly ratesOf: (name: string) => GroupRates;
  /** Decoupled decay; 0 leaves it out. Applied where `decays` says so. */
  readonly weightDecay: number;
  readonly decays: (name: string) => boolean;
  /** Largest global gradient norm; 0 leaves clipping out. */
  readonly clipNorm: number;
}

/** ‖g‖₂ over all gradients together, shape []. */
export function globalNorm(gradients: readonly Tensor[]): Tensor {
  const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
  return tf.sqrt(squares.reduce((a, b) => tf.add(a, b)));
}

/**
 * m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; θ ← θ(1 − ηλ) − η (m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε),
 * g first scaled by min(1, clip/(‖g‖ + 1e-6)). Returns the new state by name and ‖g‖ before clipping.
 */
export function adamwStep(step: AdamwStep): { state: Record<string, Tensor>; gradNorm: Tensor } {
  const gradients = step.parameters.map((name) => step.gradients[name] as Tensor);
  const gradNorm = globalNorm(gradients);
  const scale = step.clipNorm > 0 ? tf.minimum(tf.div(step.clipNorm, tf.add(gradNorm, 1e-6)), 1) : null;
  const state: Record<string, Tensor> = {};
  step.parameters.forEach((name, index) => {
    const raw = gradients[index] as Tensor;
    const gradient = scale ? tf.mul(raw, scale) : raw;
    const rates = step.ratesOf(name);
    const m = tf.add(tf.mul(step.state(firstMoment(name)), BETA1), tf.mul(gradient, 1 - BETA1));
    const v = tf.add(tf.mul(step.state(secondMoment(name)), BETA2), tf.mul(tf.square(gradient), 1 - BETA2));
    const rate = tf.div(rates.learningRate, rates.biasCorrection1);
    const denominator = tf.add(tf.div(tf.sqrt(v), tf.sqrt(rates.biasCorrection2)), EPSILON);
    const value = step.state(name);
    const kept =
      step.weightDecay > 0 && step.decays(name)
        ? tf.mul(value, tf.sub(1, tf.mul(rates.learningRate, step.weightDecay)))
        : value;
    state[name] = tf.sub(kept, tf.mul(tf.div(m, denominator), rate));
    state[firstMoment(name)] = m;
    state[secondMoment(name)] = v;
  });
  return { state, gradNorm };
}
