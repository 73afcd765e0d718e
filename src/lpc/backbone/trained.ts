/** What trains in a part of a block, named so that a gradient can be asked for it, and put back under its names. */
import type { Tensor } from '#compute/program.ts';
import type { BackboneConfig } from './config.ts';
import { layerName, linearModules, weightNames } from './weightNames.ts';

/** A tensor of the backbone by its Hugging Face name. */
export type WeightOf = (name: string) => Tensor;

/** LoRA: what the forward pass adds to its linear modules. A target is e.g. `model.layers.0.self_attn.q_proj`. */
export interface Adapter {
  /** α / r. */
  readonly scale: number;
  has(target: string): boolean;
  /** (r, in) */
  a(target: string): Tensor;
  /** (out, r) */
  b(target: string): Tensor;
  /** Dropout on the adapter's input, (T, in); absent where none is dropped. */
  dropped?(target: string, x: Tensor): Tensor;
}

export interface Weights {
  readonly weight: WeightOf;
  readonly adapter: Adapter | undefined;
}

export interface TrainedPart {
  readonly tensors: readonly Tensor[];
  /** The weights, with these in the place of `tensors`. */
  given(tensors: readonly Tensor[]): Weights;
}

const LORA_A = '.lora-a';
const LORA_B = '.lora-b';

/**
 * Of the layer's parts with these beginnings ('' for all): the adapter where there is one, over weights at rest; else every
 * weight.
 */
export function trainedPart(
  config: BackboneConfig,
  layer: number,
  parts: readonly string[],
  { weight, adapter }: Weights,
): TrainedPart {
  const belongs = (name: string): boolean => parts.some((part) => name.startsWith(layerName(layer, part)));
  const targets = linearModules(config)
    .map((module) => layerName(layer, module))
    .filter(belongs);
  const names = adapter
    ? targets.filter((target) => adapter.has(target)).flatMap((each) => [each + LORA_A, each + LORA_B])
    : weightNames(config).filter(belongs);
  const tensorOf = (name: string): Tensor => {
    if (adapter && name.endsWith(LORA_A)) return adapter.a(name.slice(0, -LORA_A.length));
    if (adapter && name.endsWith(LORA_B)) return adapter.b(name.slice(0, -LORA_B.length));
    return weight(name);
  };
  return {
    tensors: names.map(tensorOf),
    given(tensors) {
      const given = new Map(names.map((name, index) => [name, tensors[index] as Tensor]));
      return {
        weight: (name) => given.get(name) ?? weight(name),
        adapter: adapter && {
          ...adapter,
          has: (target) => adapter.has(target),
          a: (target) => given.get(target + LORA_A) ?? adapter.a(target),
          b: (target) => given.get(target + LORA_B) ?? adapter.b(target),
        },
      };
    },
  };
}
