/**
 * Generation as programs. Prefill reads a whole prompt and gives its keys and values; decode reads one token of each of N
 * rows, adds it to the rows' caches and gives the logits of the next. d hidden size, V vocabulary, K codes.
 */

import type { NamedSpecs, NamedTensors, Program, Tensor, TensorSpec } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { codesOf } from '#core/methods.ts';
import type { LatentConfig, RunConfig } from '#core/runConfig.ts';
import { attend, attentionPlans } from '../backbone/attention.ts';
import { type BackboneConfig, windowOf } from '../backbone/config.ts';
import { type Blocks, blocksWith } from '../backbone/llama.ts';
import { loraNameA, loraNameB } from '../backbone/lora.ts';
import { linear } from '../backbone/ops.ts';
import type { Adapter } from '../backbone/trained.ts';
import { lmHeadName, weightSpecs } from '../backbone/weightNames.ts';
import { headSpecs, type Lookup, lookupIn } from '../method/heads.ts';
import { inferenceLatentInputs, priorLatent } from '../method/latentModel.ts';
import { latentShifts } from '../programs/policy.ts';
import { backboneInputs, poolPrompt } from '../programs/rowInputs.ts';
import { cachedAttention } from './cachedAttention.ts';

export const int = (...shape: number[]): TensorSpec => ({ shape, dtype: 'int32' });
export const float = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });

export interface GenerationOptions {
  readonly backbone: BackboneConfig;
  /** null is the base model. */
  readonly run: RunConfig | null;
  /** Modules whose adapter stays beside their weights; of the others it is merged into them. */
  readonly apart?: readonly string[];
}

/** Keys and values that are kept: N rows with room for C tokens each. */
export interface CacheShape {
  readonly rows: number;
  readonly capacity: number;
}

export const keyName = (layer: number, { rows, capacity }: CacheShape): string =>
  `cache.keys.${layer}.${rows}x${capacity}`;
export const valueName = (layer: number, { rows, capacity }: CacheShape): string =>
  `cache.values.${layer}.${rows}x${capacity}`;

/** State of a cache: (N, keyValueHeads, C, size) for keys and values of each layer. */
export function cacheSpecs(backbone: BackboneConfig, shape: CacheShape): NamedSpecs {
  const { layers, keyValueHeads, headSize } = backbone;
  const spec = float(shape.rows, keyValueHeads, shape.capacity, headSize);
  const names = Array.from({ length: layers }, (_, layer) => [
    keyName(layer, shape),
    valueName(layer, shape),
  ]);
  return Object.fromEntries(names.flat().map((name) => [name, spec]));
}

export const headNames = ({ run, backbone }: GenerationOptions): string[] =>
  run?.latent ? Object.keys(headSpecs(run.latent, backbone)) : [];

/** The backbone's weights, and the adapters beside them. */
export const backboneNames = ({ backbone, apart = [] }: GenerationOptions): string[] => [
  ...Object.keys(weightSpecs(backbone)),
  ...apart.flatMap((target) => [loraNameA(target), loraNameB(target)]),
];

export function adapterOf({ run, apart = [] }: GenerationOptions, weight: Lookup): Adapter | undefined {
  if (run === null || apart.length === 0) return undefined;
  const targets = new Set(apart);
  return {
    scale: run.loraAlpha / run.loraRank,
    has: (target) => targets.has(target),
    a: (target) => weight(loraNameA(target)),
    b: (target) => weight(loraNameB(target)),
  };
}

/** Blocks with z (P, d) in those that receive it, and the final norm: (T, d) → (T, d). */
export function throughBlocks(
  { backbone, run }: GenerationOptions,
  weight: Lookup,
  blocks: Blocks,
  tokens: Tensor,
  z: Tensor | null,
): { readonly hidden: Tensor; readonly atHead: Tensor | null } {
  const shifts = run && z ? latentShifts({ config: run, backbone }, weight, z) : null;
  let hidden = blocks.embed(tokens);
  for (let layer = 0; layer < backbone.layers; layer++) {
    const shift = shifts?.before(layer) ?? null;
    hidden = blocks.run(hidden, layer, layer + 1, shift ? () => shift : undefined);
  }
  return { hidden: blocks.norm(hidden), atHead: shifts?.atHead ?? null };
}

/**
 * Inputs: a row of T tokens that holds one prompt and then padding; `withLatent` also `z` (1, d), for a run whose z
 * enters blocks. Outputs `keys.<layer>` and `values.<layer>` (keyValueHeads, T, size), and of a run with a latent
 * `promptState` (1, d): h_x, where z is not given.
 */
export function prefillProgram(options: GenerationOptions, tokens: number, withLatent: boolean): Program {
  const { backbone, run } = options;
  const shape = { tokens, responses: 1, pairs: 1 };
  return {
    name: `prefill-${tokens}${withLatent ? '-z' : ''}`,
    inputs: {
      ...backboneInputs(shape),
      promptLast: int(1),
      ...(withLatent && { z: float(1, backbone.hiddenSize) }),
    },
    state: [],
    constants: [...backboneNames(options), ...(withLatent ? headNames(options) : [])],
    build({ inputs, constants }) {
      const weight = lookupIn(constants);
      const row = inputs as NamedTensors & { positions: Tensor; pairOf: Tensor; branch: Tensor };
      const planOf = attentionPlans(row, backbone);
      const outputs: Record<string, Tensor> = {};
      const blocks = blocksWith(
        backbone,
        { weight, adapter: adapterOf(options, weight) },
        row.positions,
        (layer, q, k, v) => {
          outputs[`keys.${layer}`] = tf.transpose(k, [1, 0, 2]);
          outputs[`values.${layer}`] = tf.transpose(v, [1, 0, 2]);
          return attend(q, k, v, planOf(layer));
        },
      );
      const z = withLatent ? (inputs.z as Tensor) : null;
      const { hidden } = throughBlocks(options, weight, blocks, inputs.tokens as Tensor, z);
      if (run?.latent && !withLatent) outputs.promptState = poolPrompt(hidden, inputs, 1, run.latent.pooling);
      return { outputs };
    },
  };
}

/**
 * z of N replies to one prompt. Inputs `promptState` (1, d), and `noiseInference` (N, …) where z is sampled. Outputs `z`
 * (N, d), and of a codebook `prior` (1, K).
 */
export function latentProgram(options: GenerationOptions, latent: LatentConfig, rows: number): Program {
  const { hiddenSize } = options.backbone;
  return {
    name: `latent-${rows}`,
    inputs: { promptState: float(1, hiddenSize), ...inferenceLatentInputs(latent, rows, hiddenSize) },
    state: [],
    constants: headNames(options),
    build({ inputs, constants }) {
      const states = tf.tile(inputs.promptState as Tensor, [rows, 1]);
      const { z, output } = priorLatent(latent, lookupIn(constants), states, inputs.noiseInference ?? null);
      const codes = codesOf({ latent });
      if (codes === null || output === null) return { outputs: { z } };
      return { outputs: { z, prior: tf.softmax(tf.slice(output, [0, 0], [1, codes])) } };
    },
  };
}

/**
 * Inputs: `tokens` (N), `lengths` (N) tokens that each row has in its cache, with a latent `z` (N, d). Outputs `logits`
 * (N, V), and `firstLogp` (N, 1): log softmax(logits) at token 0, which tells it of every token. `packed`: see `Program.packConstants`.
 */
export function decodeProgram(options: GenerationOptions, shape: CacheShape, packed: boolean): Program {
  const { backbone, run } = options;
  const { rows } = shape;
  return {
    name: `decode-${rows}x${shape.capacity}`,
    inputs: {
      tokens: int(rows),
      lengths: int(rows),
      ...(run?.latent && { z: float(rows, backbone.hiddenSize) }),
    },
    state: Object.keys(cacheSpecs(backbone, shape)),
    constants: [...backboneNames(options), ...headNames(options)],
    packConstants: packed,
    build({ inputs, state, constants }) {
      const weight = lookupIn(constants);
      const lengths = inputs.lengths as Tensor;
      const next: Record<string, Tensor> = {};
      const blocks = blocksWith(
        backbone,
        { weight, adapter: adapterOf(options, weight) },
        lengths,
        (layer, q, k, v) => {
          const [keys, values] = [keyName(layer, shape), valueName(layer, shape)];
          const made = cachedAttention(
            { q, k, v, keys: state[keys] as Tensor, values: state[values] as Tensor, lengths },
            windowOf(backbone, layer),
          );
          next[keys] = made.keys;
          next[values] = made.values;
          return made.mixed;
        },
      );
      const { hidden, atHead } = throughBlocks(
        options,
        weight,
        blocks,
        inputs.tokens as Tensor,
        inputs.z ?? null,
      );
      const shifted = atHead ? tf.add(hidden, atHead) : hidden;
      const logits = linear(shifted, weight(lmHeadName(backbone)));
      const firstLogp = tf.slice(tf.logSoftmax(logits), [0, 0], [rows, 1]);
      return { outputs: { logits, firstLogp }, state: next };
    },
  };
}
