/** Rotary positions: which frequencies a config states. */
import { FacetError } from '#core/result.ts';
import { isJsonObject, type JsonObject } from './files.ts';

export type RopeScaling =
  | { readonly kind: 'none' }
  /** Positions divided by `factor`. */
  | { readonly kind: 'linear'; readonly factor: number }
  /** Llama 3.1: long wavelengths stretched by `factor`, short ones kept, a ramp between. */
  | {
      readonly kind: 'llama3';
      readonly factor: number;
      readonly lowFrequencyFactor: number;
      readonly highFrequencyFactor: number;
      readonly originalContext: number;
    };

export interface RopeConfig {
  readonly theta: number;
  readonly scaling: RopeScaling;
}

/** Reads `rope_theta` and `rope_scaling`, or `rope_parameters` where newer folders state both in one. */
export function parseRope(config: JsonObject, file: string): RopeConfig {
  const bad = (field: string, message: string) =>
    new FacetError({
      code: 'model.unsupported-rope',
      message: `${file}: ${message}.`,
      fix: 'Choose a model whose rope_scaling is absent, "default", "linear" or "llama3".',
      where: { file, field },
    });
  const stated = config.rope_parameters ?? config.rope_scaling ?? null;
  const field = config.rope_parameters === undefined ? 'rope_scaling' : 'rope_parameters';
  if (stated !== null && !isJsonObject(stated)) throw bad(field, `${field} is not an object`);
  const parameters: JsonObject = stated ?? {};
  const theta = parameters.rope_theta ?? config.rope_theta ?? 10000;
  if (typeof theta !== 'number' || !(theta > 1 && Number.isFinite(theta))) {
    throw bad('rope_theta', `rope_theta must be a number above 1, not ${JSON.stringify(theta)}`);
  }
  const number = (name: string): number => {
    const value = parameters[name];
    if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
    throw bad(field, `${field}.${name} must be a positive number, not ${JSON.stringify(value)}`);
  };
  const share = parameters.partial_rotary_factor ?? config.partial_rotary_factor ?? 1;
  if (share !== 1)
    throw bad('partial_rotary_factor', `unsupported partial_rotary_factor ${JSON.stringify(share)}`);
  const kind = parameters.rope_type ?? parameters.type ?? 'default';
  switch (kind) {
    case 'default':
      return { theta, scaling: { kind: 'none' } };
    case 'linear':
      return { theta, scaling: { kind: 'linear', factor: number('factor') } };
    case 'llama3': {
      const scaling = {
        kind: 'llama3',
        factor: number('factor'),
        lowFrequencyFactor: number('low_freq_factor'),
        highFrequencyFactor: number('high_freq_factor'),
        originalContext: number('original_max_position_embeddings'),
      } as const;
      if (scaling.highFrequencyFactor <= scaling.lowFrequencyFactor) {
        throw bad(field, `${field}.high_freq_factor must exceed low_freq_factor`);
      }
      return { theta, scaling };
    }
    default:
      throw bad(field, `unsupported rope_scaling ${JSON.stringify(kind)}`);
  }
}

/** Angle per position of each rotated pair of a head, (headSize / 2): θ^(−2i/headSize), scaled as configured. */
export function inverseFrequencies({ theta, scaling }: RopeConfig, headSize: number): number[] {
  const plain = Array.from({ length: headSize / 2 }, (_, index) => theta ** ((-2 * index) / headSize));
  if (scaling.kind === 'none') return plain;
  if (scaling.kind === 'linear') return plain.map((frequency) => frequency / scaling.factor);
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalContext } = scaling;
  return plain.map((frequency) => {
    const turns = (originalContext * frequency) / (2 * Math.PI);
    if (turns > high) return frequency;
    if (turns < low) return frequency / factor;
    const smooth = (turns - low) / (high - low);
    return (1 - smooth) * (frequency / factor) + smooth * frequency;
  });
}
