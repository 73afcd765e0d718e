/**
 * Low-rank adapters, Hu et al. 2021, with PEFT's conventions: y = x Wᵀ + (α/r)·(x Aᵀ) Bᵀ, A (r, in), B (out, r).
 */
import type { NamedSpecs, TensorData } from '#compute/program.ts';
import { uniforms } from '#core/random.ts';
import type { LoraTarget } from '#core/runConfig.ts';
import type { BackboneConfig } from './config.ts';
import { layerName, linearModules, linearShape } from './weightNames.ts';

export const loraNameA = (target: string): string => `lora.${target}.a`;
export const loraNameB = (target: string): string => `lora.${target}.b`;

export interface LoraModule {
  readonly target: string;
  readonly outSize: number;
  readonly inSize: number;
}

/** What a fused module holds: it is adapted where any of these is asked for. */
const PARTS: Readonly<Record<string, readonly LoraTarget[]>> = {
  'self_attn.qkv_proj': ['q_proj', 'k_proj', 'v_proj'],
  'mlp.gate_up_proj': ['gate_proj', 'up_proj'],
};

const isTarget = (module: string, targets: readonly LoraTarget[] | undefined): boolean =>
  targets === undefined ||
  targets.some((target) => PARTS[module]?.includes(target) ?? module.endsWith(`.${target}`));

/** The linear modules of every layer that carry an adapter: all of them, or those whose name ends in a target. */
export function loraTargets(config: BackboneConfig, targets?: readonly LoraTarget[]): LoraModule[] {
  return Array.from({ length: config.layers }, (_, layer) =>
    linearModules(config)
      .filter((module) => isTarget(module, targets))
      .map((module) => {
        const [outSize, inSize] = linearShape(config, module);
        return { target: layerName(layer, module), outSize, inSize };
      }),
  ).flat();
}

/** State tensors of the adapters: `lora.<target>.a` (rank, in) and `lora.<target>.b` (out, rank). */
export function loraSpecs(config: BackboneConfig, rank: number, targets?: readonly LoraTarget[]): NamedSpecs {
  return Object.fromEntries(
    loraTargets(config, targets).flatMap(({ target, outSize, inSize }) => [
      [loraNameA(target), { shape: [rank, inSize], dtype: 'float32' as const }],
      [loraNameB(target), { shape: [outSize, rank], dtype: 'float32' as const }],
    ]),
  );
}

/** Initial values: A uniform in ±1/√in (Kaiming with a = √5, as PEFT draws it), B zero: the adapted model is the base. */
export function initLora(
  config: BackboneConfig,
  rank: number,
  seed: number,
  targets?: readonly LoraTarget[],
): Record<string, TensorData> {
  const state: Record<string, TensorData> = {};
  for (const [counter, { target, outSize, inSize }] of loraTargets(config, targets).entries()) {
    const bound = 1 / Math.sqrt(inSize);
    state[loraNameA(target)] = uniforms({ seed, stream: 'lora', counter }, rank * inSize, -bound, bound);
    state[loraNameB(target)] = new Float32Array(outSize * rank);
  }
  return state;
}
