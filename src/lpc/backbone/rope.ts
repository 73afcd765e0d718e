/** Rotary positions: which frequencies a config states. */
import { FacetError } from '#core/result.ts';
import { isJsonObject, type JsonObject } from './files.ts';

type RopeScaling =
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
    }
  /** Peng et al. 2023: a ramp between dimensions that turn often (kept) and seldom (stretched), and a scale on both. */
  | {
      readonly kind: 'yarn';
      readonly factor: number;
      readonly originalContext: number;
      readonly betaFast: number;
      readonly betaSlow: number;
      readonly truncate: boolean;
      readonly attentionScale: number;
    };

export interface RopeConfig {
  readonly theta: number;
  readonly scaling: RopeScaling;
}

/** Reads `rope_theta` and `rope_scaling`, or `rope_parameters` where newer folders state both in one. */
export function parseRope(config: JsonObject, file: string, defaultTheta = 10_000): RopeConfig {
  const bad = (field: string, message: string) =>
    new FacetError({
      code: 'model.unsupported-rope',
      message: `${file}: ${message}.`,
      fix: 'Choose a model whose rope_scaling is absent, "default", "linear", "llama3" or "yarn".',
      where: { file, field },
    });
  const stated = config.rope_parameters ?? config.rope_scaling ?? null;
  const field = config.rope_parameters === undefined ? 'rope_scaling' : 'rope_parameters';
  if (stated !== null && !isJsonObject(stated)) throw bad(field, `${field} is not an object`);
  const parameters: JsonObject = stated ?? {};
  const theta = parameters.rope_theta ?? config.rope_theta ?? defaultTheta;
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
    case 'yarn': {
      const optional = (name: string, fallback: number): number =>
        parameters[name] == null ? fallback : number(name);
      const factor = number('factor');
      const growth = (weight: number): number => (factor > 1 ? 0.1 * weight * Math.log(factor) + 1 : 1);
      const twoWeights = parameters.mscale && parameters.mscale_all_dim;
      const natural = twoWeights ? growth(number('mscale')) / growth(number('mscale_all_dim')) : growth(1);
      const context =
        typeof config.max_position_embeddings === 'number' ? config.max_position_embeddings : 2048;
      return {
        theta,
        scaling: {
          kind: 'yarn',
          factor,
          originalContext: optional('original_max_position_embeddings', context),
          betaFast: optional('beta_fast', 32),
          betaSlow: optional('beta_slow', 1),
          truncate: parameters.truncate !== false,
          attentionScale: optional('attention_factor', natural),
        },
      };
    }
    default:
      throw bad(field, `unsupported rope_scaling ${JSON.stringify(kind)}`);
  }
}

/** How much of each frequency YaRN keeps, 1 … 0 along the dimensions, (headSize / 2). */
function yarnKeptShares(
  { betaFast, betaSlow, originalContext, truncate }: Extract<RopeScaling, { kind: 'yarn' }>,
  theta: number,
  headSize: number,
): number[] {
  const dimensionOf = (turns: number): number =>
    (headSize * Math.log(originalContext / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const [first, last] = [dimensionOf(betaFast), dimensionOf(betaSlow)];
  const low = Math.max(truncate ? Math.floor(first) : first, 0);
  const high = Math.min(truncate ? Math.ceil(last) : last, headSize - 1);
  const width = low === high ? 0.001 : high - low;
  return Array.from(
    { length: headSize / 2 },
    (_, index) => 1 - Math.min(1, Math.max(0, (index - low) / width)),
  );
}

/** What cos and sin are multiplied by. */
export const rotaryScale = ({ scaling }: RopeConfig): number =>
  scaling.kind === 'yarn' ? scaling.attentionScale : 1;

/** Angle per position of each rotated pair of a head, (headSize / 2): θ^(−2i/headSize), scaled as configured. */
export function inverseFrequencies({ theta, scaling }: RopeConfig, headSize: number): number[] {
  const plain = Array.from({ length: headSize / 2 }, (_, index) => theta ** ((-2 * index) / headSize));
  if (scaling.kind === 'none') return plain;
  if (scaling.kind === 'linear') return plain.map((frequency) => frequency / scaling.factor);
  if (scaling.kind === 'yarn') {
    const kept = yarnKeptShares(scaling, theta, headSize);
    return plain.map((frequency, index) => {
      const share = kept[index] as number;
      return (frequency / scaling.factor) * (1 - share) + frequency * share;
    });
  }
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalContext } = scaling;
  return plain.map((frequency) => {
    const turns = (originalContext * frequency) / (2 * Math.PI);
    if (turns > high) return frequency;
    if (turns < low) return frequency / factor;
    const smooth = (turns - low) / (high - low);
    return (1 - smooth) * (frequency / factor) + smooth * frequency;
  });
}
