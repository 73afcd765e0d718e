/** Prior and posterior networks and the codebook: what LPC adds to a language model. d hidden size, K codes. */
import type { NamedTensors, Tensor, TensorData, TensorSpec } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { normals } from '#core/random.ts';
import { FacetError } from '#core/result.ts';
import type { LatentConfig } from '#core/runConfig.ts';

export type Lookup = (name: string) => Tensor;

const float = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });

/**
 * Names and shapes of the latent parameters. Linear weights are (out, in). Two layers, SiLU, width d [R];
 * the prior reads h_x (d), the posterior [h_x; h_w; h_l] (3d), chosen before rejected [P].
 */
export function headSpecs(latent: LatentConfig, hiddenSize: number): Record<string, TensorSpec> {
  const d = hiddenSize;
  const mlp = (name: string, inputs: number): Record<string, TensorSpec> => ({
    [`${name}.hidden.weight`]: float(d, inputs),
    [`${name}.hidden.bias`]: float(d),
    [`${name}.output.weight`]: float(latent.codes, d),
    [`${name}.output.bias`]: float(latent.codes),
  });
  return { ...mlp('prior', d), ...mlp('posterior', 3 * d), codebook: float(latent.codes, d) };
}

/** Weights N(0, 1/in), biases 0, codebook N(0, codebookInitStd²); a stream of its own per tensor, keyed by seed. */
export function initHeads(
  latent: LatentConfig,
  hiddenSize: number,
  seed: number,
): Record<string, { spec: TensorSpec; data: TensorData }> {
  const specs = Object.entries(headSpecs(latent, hiddenSize));
  return Object.fromEntries(
    specs.map(([name, spec]) => {
      const size = spec.shape.reduce((a, b) => a * b, 1);
      if (name.endsWith('.bias')) return [name, { spec, data: new Float32Array(size) }];
      const std = name === 'codebook' ? latent.codebookInitStd : 1 / Math.sqrt(spec.shape[1] ?? 1);
      return [name, { spec, data: normals({ seed, stream: `heads.${name}`, counter: 0 }, size, std) }];
    }),
  );
}

const linear = (x: Tensor, weight: Tensor, bias: Tensor): Tensor =>
  tf.add(tf.matMul(x, weight, false, true), bias);

/** Two layers with SiLU in between: (P, in) → (P, K). */
function mlp(name: string, weight: Lookup, x: Tensor): Tensor {
  const hidden = linear(x, weight(`${name}.hidden.weight`), weight(`${name}.hidden.bias`));
  const active = tf.mul(hidden, tf.sigmoid(hidden));
  return linear(active, weight(`${name}.output.weight`), weight(`${name}.output.bias`));
}

/** Logits of p(z|x), (P, d) → (P, K). */
export const priorLogits = (weight: Lookup, promptState: Tensor): Tensor => mlp('prior', weight, promptState);

/** Logits of q(z|x, y_w ≻ y_l), three (P, d) → (P, K); the order of the last two is the label. */
export const posteriorLogits = (weight: Lookup, prompt: Tensor, chosen: Tensor, rejected: Tensor): Tensor =>
  mlp('posterior', weight, tf.concat([prompt, chosen, rejected], 1));

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
