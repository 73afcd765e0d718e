/**
 * From states to z, for every kind of latent: in training from prior and posterior with noise, in use from the prior
 * alone. P pairs, K codes, d hidden size.
 */

import type { NamedSpecs, NamedTensors, Tensor, TensorSpec } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { codesOf, hasPosterior } from '#core/methods.ts';
import { unreachable } from '#core/result.ts';
import type { LatentConfig, LatentInference } from '#core/runConfig.ts';
import { gaussianKl, gaussianOf, reparameterise } from './gaussian.ts';
import {
  codebookOf,
  freeVector,
  type Lookup,
  posteriorLogits,
  priorLogits,
  vectorOfPrompt,
} from './heads.ts';
import { gumbelSoftmax, klDivergence, latentVector, mixCodes } from './latent.ts';

/** h_x, h_w, h_l, (P, d) each, taken before z is added. */
export interface PairHiddenStates {
  readonly prompt: Tensor;
  readonly chosen: Tensor;
  readonly rejected: Tensor;
}

/** Numbers of noise that a pair has; 0 for a latent without noise. */
export const noiseWidth = ({ kind, codes }: LatentConfig, hiddenSize: number): number =>
  kind === 'codebook' ? codes : kind === 'gaussian' ? hiddenSize : 0;

const noiseSpec = (latent: LatentConfig, pairs: number, hiddenSize: number): TensorSpec => ({
  shape: [pairs, noiseWidth(latent, hiddenSize)],
  dtype: 'float32',
});

/**
 * Noise and schedule of a training step: with a posterior g and λ, scalars, and `noisePosterior`; of a codebook that draws
 * τ, a scalar; and `noisePrior`. Noise is standard Gumbel (P, K) for a codebook, standard normal (P, d) for a Gaussian.
 */
export function trainingLatentInputs(latent: LatentConfig, pairs: number, hiddenSize: number): NamedSpecs {
  const hasCodes = codesOf({ latent }) !== null;
  const withPosterior = hasPosterior({ latent });
  if (!hasCodes && !withPosterior) return {};
  const scalar: TensorSpec = { shape: [], dtype: 'float32' };
  const noise = noiseSpec(latent, pairs, hiddenSize);
  const draws = !hasCodes || latent.gumbelNoise;
  return {
    ...(withPosterior && { g: scalar, klWeight: scalar }),
    ...(hasCodes && draws && { temperature: scalar }),
    ...(draws && { noisePrior: noise }),
    ...(draws && withPosterior && { noisePosterior: noise }),
  };
}

/** `noiseInference`, as in training, where z is sampled in use; the same noise serves prior and posterior. */
export const inferenceLatentInputs = (latent: LatentConfig, pairs: number, hiddenSize: number): NamedSpecs =>
  latent.inference === 'sample' && noiseWidth(latent, hiddenSize) > 0
    ? { noiseInference: noiseSpec(latent, pairs, hiddenSize) }
    : {};

export interface TrainingLatent {
  /** (P, d) */
  readonly z: Tensor;
  /** KL(q‖p) of each pair, (P); null without a posterior. */
  readonly kl: Tensor | null;
  /** Logits of p(z|x), (P, K); null without a codebook. */
  readonly prior: Tensor | null;
}

/** z of a training step: a mixture of prior and posterior, g the prior's share; at g = 1 the posterior has no part. */
export function trainingLatent(
  latent: LatentConfig,
  weight: Lookup,
  states: PairHiddenStates,
  inputs: NamedTensors,
): TrainingLatent {
  const input = (name: string): Tensor => inputs[name] as Tensor;
  const posteriorOf = (): Tensor => posteriorLogits(latent, weight, states);
  switch (latent.kind) {
    case 'codebook': {
      const prior = priorLogits(latent, weight, states.prompt);
      const drawn = (logits: Tensor, noise: string): Tensor =>
        latent.gumbelNoise ? gumbelSoftmax(logits, input(noise), input('temperature')) : tf.softmax(logits);
      const fromPrior = drawn(prior, 'noisePrior');
      const codebook = codebookOf(latent, weight);
      if (latent.posterior === 'none') return { z: latentVector(fromPrior, codebook), kl: null, prior };
      const posterior = posteriorOf();
      const mixture = mixCodes(fromPrior, drawn(posterior, 'noisePosterior'), input('g'));
      return { z: latentVector(mixture, codebook), kl: klDivergence(posterior, prior), prior };
    }
    case 'gaussian': {
      const prior = gaussianOf(priorLogits(latent, weight, states.prompt));
      const posterior = gaussianOf(posteriorOf());
      const z = mixCodes(
        reparameterise(prior, input('noisePrior')),
        reparameterise(posterior, input('noisePosterior')),
        input('g'),
      );
      return { z, kl: gaussianKl(posterior, prior), prior: null };
    }
    case 'mlp':
      return { z: vectorOfPrompt(latent, weight, states.prompt), kl: null, prior: null };
    case 'bias':
      return { z: freeVector(weight, states.prompt.shape[0] as number), kl: null, prior: null };
    default:
      return unreachable(latent.kind);
  }
}

/** The step's KL cost, nats: Σ_pairs share·max(KL − freeBits, 0). `share` (P). */
export const klCost = (kl: Tensor, share: Tensor, freeBits: number): Tensor =>
  tf.sum(tf.mul(freeBits > 0 ? tf.relu(tf.sub(kl, freeBits)) : kl, share));

/** Weights of the codes by which z is read, (P, K) → (P, K): all of them, the strongest, or one drawn by Gumbel-max. */
function readMixture(logits: Tensor, inference: LatentInference, noise: Tensor | null): Tensor {
  if (inference === 'expectation') return tf.softmax(logits);
  const scores = inference === 'sample' ? tf.add(logits, noise as Tensor) : logits;
  // As int32 first: a float32 one-hot of the WebAssembly backend holds an integer's bits.
  return tf.cast(tf.oneHot(tf.argMax(scores, -1) as never, logits.shape[1] as number), 'float32');
}

/** z by one network's output; `noise` only under `sample`. A Gaussian's expectation and mode are both its mean. */
function zOf(latent: LatentConfig, weight: Lookup, output: Tensor, noise: Tensor | null): Tensor {
  if (latent.kind === 'codebook')
    return latentVector(readMixture(output, latent.inference, noise), codebookOf(latent, weight));
  const gaussian = gaussianOf(output);
  return latent.inference === 'sample' ? reparameterise(gaussian, noise as Tensor) : gaussian.mean;
}

export interface PriorLatent {
  /** (P, d) */
  readonly z: Tensor;
  /** Output of the prior network; null for a latent without one. */
  readonly output: Tensor | null;
}

/** z in use, from h_x (P, d) alone: evaluation, scores, generation. */
export function priorLatent(
  latent: LatentConfig,
  weight: Lookup,
  prompt: Tensor,
  noise: Tensor | null,
): PriorLatent {
  switch (latent.kind) {
    case 'codebook':
    case 'gaussian': {
      const output = priorLogits(latent, weight, prompt);
      return { z: zOf(latent, weight, output, noise), output };
    }
    case 'mlp':
      return { z: vectorOfPrompt(latent, weight, prompt), output: null };
    case 'bias':
      return { z: freeVector(weight, prompt.shape[0] as number), output: null };
    default:
      return unreachable(latent.kind);
  }
}

export interface PosteriorLatent {
  readonly z: Tensor;
  readonly output: Tensor;
}

/** z as the posterior would have it, read as the prior's is; swap `chosen` and `rejected` for the swapped pair. */
export function posteriorLatent(
  latent: LatentConfig,
  weight: Lookup,
  states: PairHiddenStates,
  noise: Tensor | null,
): PosteriorLatent {
  const output = posteriorLogits(latent, weight, states);
  return { z: zOf(latent, weight, output, noise), output };
}

/** KL(q‖p) of two networks' outputs, (P). */
export const latentKl = (latent: LatentConfig, posterior: Tensor, prior: Tensor): Tensor =>
  latent.kind === 'gaussian'
    ? gaussianKl(gaussianOf(posterior), gaussianOf(prior))
    : klDivergence(posterior, prior);
