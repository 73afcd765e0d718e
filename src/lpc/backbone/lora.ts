/**
 * Low-rank adapters, Hu et al. 2021, with PEFT's conventions: y = x Wᵀ + (α/r)·(x Aᵀ) Bᵀ, A (r, in), B (out, r).
 */
import type { NamedSpecs, TensorData } from '#compute/program.ts';
import { uniforms } from '#core/random.ts';
import type { BackboneConfig } from './config.ts';
import { LINEAR_MODULES, layerName, linearShape } from './weightNames.ts';

export const loraNameA = (target: string): string => `lora.${target}.a`;
export const loraNameB = (target: string): string => `lora.${target}.b`;

interface LoraTarget {
  readonly target: string;
  readonly outSize: number;
  readonly inSize: number;
}

/** Every linear module of every layer. */
export function loraTargets(config: BackboneConfig): LoraTarget[] {
  return Array.from({ length: config.layers }, (_, layer) =>
    LINEAR_MODULES.map((module) => {
      const [outSize, inSize] = linearShape(config, module);
      return { target: layerName(layer, module), outSize, inSize };
    }),
  ).flat();
}

/** State tensors of the adapters: `lora.<target>.a` (rank, in) and `lora.<target>.b` (out, rank). */
export function loraSpecs(config: BackboneConfig, rank: number): NamedSpecs {
  return Object.fromEntries(
    loraTargets(config).flatMap(({ target, outSize, inSize }) => [
      [loraNameA(target), { shape: [rank, inSize], dtype: 'float32' as const }],
      [loraNameB(target), { shape: [outSize, rank], dtype: 'float32' as const }],
    ]),
  );
}

/** Initial values: A uniform in ±1/√in (Kaiming with a = √5, as PEFT draws it), B zero: the adapted model is the base. */
export function initLora(config: BackboneConfig, rank: number, seed: number): Record<string, TensorData> {
  const state: Record<string, TensorData> = {};
  for (const [counter, { target, outSize, inSize }] of loraTargets(config).entries()) {
    const bound = 1 / Math.sqrt(inSize);
    state[loraNameA(target)] = uniforms({ seed, stream: 'lora', counter }, rank * inSize, -bound, bound);
    state[loraNameB(target)] = new Float32Array(outSize * rank);
  }
  return state;
}
