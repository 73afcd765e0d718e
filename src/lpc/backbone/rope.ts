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
    }
  /**
   * Ding et al. 2024: each frequency has a divisor of its own, one for texts within the original context and one for longer ones.
   * Rows here lie within.
   */
  | {
      readonly kind: 'longrope';
      readonly shortFactors: readonly number[];
      readonly longFactors: readonly number[];
      readonly originalContext: number;
      readonly attentionScale: number;
    };

export interface RopeConfig {
  readonly theta: number;
  readonly scaling: RopeScaling;
}

interface RopeReading {
  readonly defaultTheta?: number;
  /** Dimensions of a head that rotate; absent where a config can't leave any out. */
  readonly rotarySize?: number;
}

/** Reads `rope_theta` and `rope_scaling`, or `rope_parameters` where newer folders state both in one. */
export function parseRope(
  config: JsonObject,
  file: string,
  { defaultTheta = 10_000, rotarySize }: RopeReading = {},
): RopeConfig {
  const bad = (field: string, message: string) =>
    new FacetError({
      code: 'model.unsupported-rope',
      message: `${file}: ${message}.`,
      fix: 'Choose a model whose rope_scaling is absent, "default", "linear", "llama3", "yarn" or, of Phi, "longrope".',
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
  if (share !== 1 && rotarySize === undefined)
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
    // Phi's first folders call it so.
    case 'su':
    case 'longrope': {
      if (rotarySize === undefined) throw bad(field, `unsupported rope_scaling ${JSON.stringify(kind)}`);
      const factors = (name: string): number[] => {
        const values: unknown = parameters[name];
        const isRight = (value: unknown) => typeof value === 'number' && value > 0 && Number.isFinite(value);
        if (Array.isArray(values) && values.length === rotarySize / 2 && values.every(isRight)) return values;
        throw bad(field, `${field}.${name} must hold ${rotarySize / 2} positive numbers`);
      };
      const originalContext = contextBefore(config, parameters);
      if (originalContext === null)
        throw bad('original_max_position_embeddings', 'original_max_position_embeddings is missing');
      const context = Number(config.max_position_embeddings ?? originalContext);
      const factor = typeof parameters.factor === 'number' ? parameters.factor : context / originalContext;
      const natural = factor > 1 ? Math.sqrt(1 + Math.log(factor) / Math.log(originalContext)) : 1;
      return {
        theta,
        scaling: {
          kind: 'longrope',
          shortFactors: factors('short_factor'),
          longFactors: factors('long_factor'),
          originalContext,
          attentionScale: parameters.attention_factor == null ? natural : number('attention_factor'),
        },
      };
    }
    default:
      throw bad(field, `unsupported rope_scaling ${JSON.stringify(kind)}`);
  }
}

/** Stated with the scaling, or beside it in older folders. */
function contextBefore(config: JsonObject, parameters: JsonObject): number | null {
  const stated = parameters.original_max_position_embeddings ?? config.original_max_position_embeddings;
  return Number.isInteger(stated) && (stated as number) > 1 ? (stated as number) : null;
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
  scaling.kind === 'yarn' || scaling.kind === 'longrope' ? scaling.attentionScale : 1;

/** Angle per position of each rotated pair of a head, (size / 2) of `size` rotated dimensions: θ^(−2i/size), scaled as configured. */
export function inverseFrequencies({ theta, scaling }: RopeConfig, size: number): number[] {
  const plain = Array.from({ length: size / 2 }, (_, index) => theta ** ((-2 * index) / size));
  if (scaling.kind === 'none') return plain;
  if (scaling.kind === 'linear') return plain.map((frequency) => frequency / scaling.factor);
  if (scaling.kind === 'longrope')
    return plain.map((frequency, index) => frequency / (scaling.shortFactors[index] as number));
  if (scaling.kind === 'yarn') {
    const kept = yarnKeptShares(scaling, theta, size);
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
