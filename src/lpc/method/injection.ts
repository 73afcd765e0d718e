/**
 * Where z enters. `head`: LMHead(h_t + z), as in the paper. `layers` (ours): before each of the last N blocks the hidden
 * state of every token of the pair becomes h + W_l z, W_l (d, d) learnt, one a block.
 */
import type { Tensor, TensorSpec } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import type { LatentConfig } from '#core/runConfig.ts';

export const injectionName = (layer: number): string => `injection.${layer}.weight`;

/** Blocks that receive z, in order; none under `head`. That the model has so many is a rule of `core/runRules.ts`. */
export function injectedLayers(
  latent: Pick<LatentConfig, 'injection' | 'injectionLayers'> | null,
  layers: number,
): number[] {
  if (latent === null || latent.injection === 'head') return [];
  const { injectionLayers } = latent;
  return Array.from({ length: injectionLayers }, (_, index) => layers - injectionLayers + index);
}

export const injectionSpecs = (
  latent: LatentConfig,
  { hiddenSize, layers }: { readonly hiddenSize: number; readonly layers: number },
): Record<string, TensorSpec> =>
  Object.fromEntries(
    injectedLayers(latent, layers).map((layer) => [
      injectionName(layer),
      { shape: [hiddenSize, hiddenSize], dtype: 'float32' },
    ]),
  );

/** What a block's input is moved by: z (P, d) → (P, d). */
export const injectionShift = (weight: (name: string) => Tensor, z: Tensor, layer: number): Tensor =>
  tf.matMul(z, weight(injectionName(layer)), false, true);
