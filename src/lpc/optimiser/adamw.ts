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
interface GroupRates {
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

/** ‖g‖₂ from the gradients' squares, shape []. */
const globalNorm = (squares: readonly Tensor[]): Tensor =>
  tf.sqrt(squares.map((square) => tf.sum(square)).reduce((a, b) => tf.add(a, b)));

/**
 * m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; θ ← θ(1 − ηλ) − η (m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε),
 * g first scaled by min(1, clip/(‖g‖ + 1e-6)). Returns the new state by name and ‖g‖ before clipping.
 * Scales and corrections are folded into scalars, so that each parameter is passed over as few times as can be.
 */
export function adamwStep(step: AdamwStep): { state: Record<string, Tensor>; gradNorm: Tensor } {
  const gradients = step.parameters.map((name) => step.gradients[name] as Tensor);
  const squares = gradients.map((gradient) => tf.square(gradient));
  const gradNorm = globalNorm(squares);
  const scale =
    step.clipNorm > 0 ? tf.minimum(tf.div(step.clipNorm, tf.add(gradNorm, 1e-6)), 1) : tf.scalar(1);
  const gradientShare = tf.mul(scale, 1 - BETA1);
  const squareShare = tf.mul(tf.square(scale), 1 - BETA2);
  const state: Record<string, Tensor> = {};
  step.parameters.forEach((name, index) => {
    const { learningRate, biasCorrection1, biasCorrection2 } = step.ratesOf(name);
    const root = tf.sqrt(biasCorrection2);
    const rate = tf.div(tf.mul(learningRate, root), biasCorrection1);
    const m = tf.add(
      tf.mul(step.state(firstMoment(name)), BETA1),
      tf.mul(gradients[index] as Tensor, gradientShare),
    );
    const v = tf.add(
      tf.mul(step.state(secondMoment(name)), BETA2),
      tf.mul(squares[index] as Tensor, squareShare),
    );
    const update = tf.div(tf.mul(m, rate), tf.add(tf.sqrt(v), tf.mul(root, EPSILON)));
    const value = step.state(name);
    const kept =
      step.weightDecay > 0 && step.decays(name)
        ? tf.mul(value, tf.sub(1, tf.mul(learningRate, step.weightDecay)))
        : value;
    state[name] = tf.sub(kept, update);
    state[firstMoment(name)] = m;
    state[secondMoment(name)] = v;
  });
  return { state, gradNorm };
}
