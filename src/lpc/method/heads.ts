/**
 * What LPC adds to a language model: prior and posterior networks, the codebook, and what takes their place in the
 * controls. d hidden size, K codes, P pairs.
 */
import type { NamedTensors, Tensor, TensorData, TensorSpec } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { normals } from '#core/random.ts';
import { FacetError, unreachable } from '#core/result.ts';
import type { LatentConfig } from '#core/runConfig.ts';
import { injectedLayers, injectionName, injectionSpecs } from './injection.ts';

export type Lookup = (name: string) => Tensor;
/** What the heads need to know of the backbone. */
export interface HeadsBackbone {
  readonly hiddenSize: number;
  readonly layers: number;
}

const float = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });

function mlpSpecs(name: string, inputs: number, hidden: number, outputs: number): Record<string, TensorSpec> {
  return {
    [`${name}.hidden.weight`]: float(hidden, inputs),
    [`${name}.hidden.bias`]: float(hidden),
    [`${name}.output.weight`]: float(outputs, hidden),
    [`${name}.output.bias`]: float(outputs),
  };
}

function latentSpecs(latent: LatentConfig, d: number): Record<string, TensorSpec> {
  switch (latent.kind) {
    case 'codebook':
      return {
        ...mlpSpecs('prior', d, d, latent.codes),
        ...mlpSpecs('posterior', 3 * d, d, latent.codes),
        codebook: float(latent.codes, d),
      };
    case 'gaussian':
      // The first d outputs are the mean, the others the log-variance.
      return { ...mlpSpecs('prior', d, d, 2 * d), ...mlpSpecs('posterior', 3 * d, d, 2 * d) };
    case 'mlp':
      return mlpSpecs('vector', d, d, d);
    case 'bias':
      return { 'vector.bias': float(d) };
    default:
      return unreachable(latent.kind);
  }
}

/**
 * Names and shapes of the latent parameters. Linear weights are (out, in). Networks have two layers, SiLU, width d [R];
 * the prior reads h_x (d), the posterior [h_x; h_w; h_l] (3d), chosen before rejected [P]. Under injection `layers` each
 * injected block has a map of z, (d, d).
 */
export function headSpecs(latent: LatentConfig, backbone: HeadsBackbone): Record<string, TensorSpec> {
  return { ...latentSpecs(latent, backbone.hiddenSize), ...injectionSpecs(latent, backbone) };
}

/** Smallest start of a Gaussian latent's standard deviation. */
const LEAST_STD = 1e-3;

/**
 * Standard deviation of a weight's start [R]. Networks N(0, 1/in) and the codebook N(0, codebookInitStd²). What makes z
 * without a codebook starts at zero: a bias and MLP(h_x) → z give z = 0, a Gaussian has equal prior and posterior.
 */
function initialStd(
  name: string,
  spec: TensorSpec,
  latent: LatentConfig,
  injected: ReadonlySet<string>,
): number {
  if (name === 'codebook') return latent.codebookInitStd;
  if (injected.has(name)) return INJECTION_STD;
  if (name.endsWith('.bias')) return 0;
  if (name.endsWith('.output.weight') && latent.kind !== 'codebook') return 0;
  return 1 / Math.sqrt(spec.shape[1] ?? 1);
}

/** Maps of z start small, not at zero: neither z nor its map would get a gradient where the other is zero [R]. */
const INJECTION_STD = 0.02;

/** Initial values; a stream of its own per tensor, keyed by seed. */
export function initHeads(
  latent: LatentConfig,
  backbone: HeadsBackbone,
  seed: number,
): Record<string, { spec: TensorSpec; data: TensorData }> {
  const injected = new Set(injectedLayers(latent, backbone.layers).map(injectionName));
  const specs = Object.entries(headSpecs(latent, backbone));
  return Object.fromEntries(
    specs.map(([name, spec]) => {
      const size = spec.shape.reduce((a, b) => a * b, 1);
      const std = initialStd(name, spec, latent, injected);
      const data =
        std === 0
          ? new Float32Array(size)
          : normals({ seed, stream: `heads.${name}`, counter: 0 }, size, std);
      // A Gaussian latent starts as wide as a codebook would be.
      if (latent.kind === 'gaussian' && name.endsWith('.output.bias'))
        data.fill(2 * Math.log(Math.max(LEAST_STD, latent.codebookInitStd)), size / 2);
      return [name, { spec, data }];
    }),
  );
}

const linear = (x: Tensor, weight: Tensor, bias: Tensor): Tensor =>
  tf.add(tf.matMul(x, weight, false, true), bias);

/** Two layers with SiLU in between: (P, in) → (P, out). */
function mlp(name: string, weight: Lookup, x: Tensor): Tensor {
  const hidden = linear(x, weight(`${name}.hidden.weight`), weight(`${name}.hidden.bias`));
  const active = tf.mul(hidden, tf.sigmoid(hidden));
  return linear(active, weight(`${name}.output.weight`), weight(`${name}.output.bias`));
}

/** Logits of p(z|x), (P, d) → (P, K); mean and log-variance of a Gaussian one, (P, 2d). */
export const priorLogits = (weight: Lookup, promptState: Tensor): Tensor => mlp('prior', weight, promptState);

/** Logits of q(z|x, y_w ≻ y_l), three (P, d) → (P, K) or (P, 2d); the order of the last two is the label. */
export const posteriorLogits = (weight: Lookup, prompt: Tensor, chosen: Tensor, rejected: Tensor): Tensor =>
  mlp('posterior', weight, tf.concat([prompt, chosen, rejected], 1));

/** The control MLP(h_x) → z without a codebook, (P, d) → (P, d). */
export const vectorOfPrompt = (weight: Lookup, promptState: Tensor): Tensor =>
  mlp('vector', weight, promptState);

/** The control of one free vector for all prompts, (d) → (P, d). */
export const freeVector = (weight: Lookup, pairs: number): Tensor =>
  tf.matMul(tf.ones([pairs, 1]), tf.reshape(weight('vector.bias'), [1, -1]));

/** Finds a tensor in any of the groups; a missing name is an error that says so. */
export function lookupIn(...groups: readonly NamedTensors[]): Lookup {
  return (name) => {
    for (const group of groups) {
      const found = group[name];
      if (found) return found;
    }
    throw new FacetError({
      code: 'lpc.missing-weight',
      message: `No weight named ${name} was given to the program.`,
    });
  };
}
