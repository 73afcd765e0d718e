/**
 * What LPC adds to a language model: prior and posterior networks, the codebook, and what takes their place in the
 * controls. d hidden size, K codes, P pairs.
 */
import type { NamedTensors, Tensor, TensorData, TensorSpec } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { normals } from '#core/random.ts';
import { FacetError, unreachable } from '#core/result.ts';
import type { LatentConfig } from '#core/runConfig.ts';
import { codeDirections, DIRECTIONS, directionSpecs, promptDirections } from './directions.ts';
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

const linearSpecs = (name: string, inputs: number, outputs: number): Record<string, TensorSpec> => ({
  [`${name}.output.weight`]: float(outputs, inputs),
  [`${name}.output.bias`]: float(outputs),
});

function latentSpecs(latent: LatentConfig, d: number): Record<string, TensorSpec> {
  const { codes } = latent;
  const inputs = promptDirections(latent, d) || d;
  switch (latent.kind) {
    case 'codebook':
      return {
        ...(latent.priorNetwork === 'linear'
          ? linearSpecs('prior', inputs, codes)
          : mlpSpecs('prior', inputs, d, codes)),
        ...(latent.posterior === 'network' && mlpSpecs('posterior', inputs + 2 * d, d, codes)),
        codebook: float(codes, codeDirections(latent, d) || d),
        ...(codeDirections(latent, d) > 0 && { [CODE_LENGTH]: float(1) }),
      };
    case 'gaussian':
      // The first d outputs are the mean, the others the log-variance.
      return { ...mlpSpecs('prior', inputs, d, 2 * d), ...mlpSpecs('posterior', inputs + 2 * d, d, 2 * d) };
    case 'mlp':
      return mlpSpecs('vector', inputs, d, d);
    case 'bias':
      return { 'vector.bias': float(d) };
    default:
      return unreachable(latent.kind);
  }
}

/** Length of all codes where they live in chosen directions, [1]: found by the loss itself, since only near 0 is it linear. */
export const CODE_LENGTH = 'codebook.length';
/** Codes that enter the first step at this share of their length hardly move a margin: the loss begins at ln 2. */
export const FIRST_LENGTH = 0.01;

/**
 * Names and shapes of the latent's trained parameters. Linear weights are (out, in). Networks have two layers, SiLU, width
 * d [R]; the prior reads h_x (d), the posterior [h_x; h_w; h_l] (3d), chosen before rejected [P]. Under injection `layers`
 * each injected block has a map of z, (d, d).
 */
export function trainedHeadSpecs(latent: LatentConfig, backbone: HeadsBackbone): Record<string, TensorSpec> {
  return { ...latentSpecs(latent, backbone.hiddenSize), ...injectionSpecs(latent, backbone) };
}

/** The same, and the fixed directions that they are read and written in. */
export function headSpecs(latent: LatentConfig, backbone: HeadsBackbone): Record<string, TensorSpec> {
  return { ...trainedHeadSpecs(latent, backbone), ...directionSpecs(latent, backbone.hiddenSize) };
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
  if (name.endsWith('.bias') || name === CODE_LENGTH || DIRECTIONS.has(name)) return 0;
  if (name.endsWith('.output.weight') && latent.kind !== 'codebook') return 0;
  return 1 / Math.sqrt(spec.shape[1] ?? 1);
}

/** Maps of z start small, not at zero: neither z nor its map would get a gradient where the other is zero [R]. */
const INJECTION_STD = 0.002;

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
      if (name === CODE_LENGTH) data.fill(FIRST_LENGTH);
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

/** h_x as the networks read it, (P, d) → (P, d), or in its leading whitened directions (P, r). */
function readPrompt(latent: LatentConfig, weight: Lookup, promptState: Tensor): Tensor {
  if (promptDirections(latent, promptState.shape[1] as number) === 0) return promptState;
  const centred = tf.sub(promptState, weight('prompt.mean'));
  return tf.matMul(centred, weight('prompt.directions'), false, true);
}

/** Logits of p(z|x), (P, d) → (P, K); mean and log-variance of a Gaussian one, (P, 2d). */
export function priorLogits(latent: LatentConfig, weight: Lookup, promptState: Tensor): Tensor {
  const prompt = readPrompt(latent, weight, promptState);
  return latent.kind === 'codebook' && latent.priorNetwork === 'linear'
    ? linear(prompt, weight('prior.output.weight'), weight('prior.output.bias'))
    : mlp('prior', weight, prompt);
}

/** Logits of q(z|x, y_w ≻ y_l), three (P, d) → (P, K) or (P, 2d); the order of the last two is the label. */
export const posteriorLogits = (
  latent: LatentConfig,
  weight: Lookup,
  { prompt, chosen, rejected }: Readonly<Record<'prompt' | 'chosen' | 'rejected', Tensor>>,
): Tensor => mlp('posterior', weight, tf.concat([readPrompt(latent, weight, prompt), chosen, rejected], 1));

/** The control MLP(h_x) → z without a codebook, (P, d) → (P, d). */
export const vectorOfPrompt = (latent: LatentConfig, weight: Lookup, promptState: Tensor): Tensor =>
  mlp('vector', weight, readPrompt(latent, weight, promptState));

/** E (K, d): as it is, or made of chosen directions B, length · C·B with C (K, r), B (r, d). */
export function codebookOf(latent: LatentConfig, weight: Lookup): Tensor {
  const codebook = weight('codebook');
  if (codeDirections(latent, 1) === 0) return codebook;
  return tf.matMul(tf.mul(codebook, weight(CODE_LENGTH)), weight('codebook.directions'));
}

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
