/**
 * The policy that programs share: backbone with adapter, z where the run adds it, parameter groups of a run.
 *
 * A forward pass with z goes in three parts, for training, evaluation, scores and generation alike:
 * 1. `policyHiddenStates`: a causal pass without z gives h_x, h_w, h_l and, under injection `layers`, what enters the first
 *    block that receives z (`below`).
 * 2. z from those states: `trainingLatent`, `priorLatent` or `posteriorLatent` of method/latentModel.ts.
 * 3. `replyLogProbabilities` with z: the LM head alone under `head`; the last blocks once more under `layers`.
 * Whoever runs tokens one by one instead of rows does part 3 with `latentShifts`: it gives what to add before a block,
 * or before the LM head.
 */
import type { NamedSpecs, NamedTensors, Tensor, TensorSpec } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { FacetError } from '#core/result.ts';
import type { Pooling, RunConfig } from '#core/runConfig.ts';
import type { BackboneConfig } from '../backbone/config.ts';
import { type Blocks, backboneBlocks } from '../backbone/llama.ts';
import { shiftedTargetLogProbabilities, targetLogProbabilities } from '../backbone/logProbabilities.ts';
import { loraSpecs } from '../backbone/lora.ts';
import type { Adapter } from '../backbone/trained.ts';
import { FINAL_NORM, layerName, lmHeadName, weightSpecs } from '../backbone/weightNames.ts';
import { directionSpecs } from '../method/directions.ts';
import { type Lookup, trainedHeadSpecs } from '../method/heads.ts';
import { injectedLayers, injectionShift } from '../method/injection.ts';
import type { RowShape } from '../packing/shape.ts';
import { type DropoutNoise, dropoutOf } from './loraDropout.ts';
import {
  addLatent,
  hiddenStateInputs,
  hiddenStatesOfInputs,
  poolPrompt,
  type ResponseMembership,
  type RowHiddenStates,
  readHiddenStates,
  replyInputs,
  rowInputs,
  sumByReply,
  tokenMembership,
} from './rowInputs.ts';

/** `heads` trains prior, posterior and codebook over a backbone at rest; `all` trains everything the run trains. */
export type Stage = 'heads' | 'all';

export interface ProgramOptions {
  readonly backbone: BackboneConfig;
  readonly shape: RowShape;
  readonly config: RunConfig;
  /** `state` under full fine-tuning, else `constants`. */
  readonly weightsIn: 'constants' | 'state';
  readonly stage: Stage;
  /**
   * `inputs`: hidden states are fed (`hiddenStateInputs`) instead of computed from tokens. Only while the backbone rests, that
   * is with stage `heads`.
   */
  readonly hiddenStatesFrom?: 'row' | 'inputs';
}

/** Names and shapes of what a run trains, by group, and of what it found before and keeps. */
export interface ParameterGroups {
  /** Directions of the latent: kept in checkpoints, never trained. */
  readonly fixed: Readonly<Record<string, TensorSpec>>;
  readonly heads: Readonly<Record<string, TensorSpec>>;
  readonly backbone: Readonly<Record<string, TensorSpec>>;
}

export function parameterGroups(config: RunConfig, backbone: BackboneConfig): ParameterGroups {
  const heads = config.latent ? trainedHeadSpecs(config.latent, backbone) : {};
  const fixed = config.latent ? directionSpecs(config.latent, backbone.hiddenSize) : {};
  if (config.trainable === 'lora')
    return { fixed, heads, backbone: loraSpecs(backbone, config.loraRank, config.loraTargets) };
  return { fixed, heads, backbone: config.trainable === 'full' ? weightSpecs(backbone) : {} };
}

/** Parameters that a stage trains, in a fixed order. */
export function trainedIn(stage: Stage, groups: ParameterGroups): Readonly<Record<string, TensorSpec>> {
  return stage === 'heads' ? groups.heads : { ...groups.heads, ...groups.backbone };
}

/** State and constants a program reads to run the policy as it stands at a stage. */
export function policyReads(options: ProgramOptions): { state: string[]; constants: string[] } {
  const groups = parameterGroups(options.config, options.backbone);
  const base = Object.keys(weightSpecs(options.backbone));
  const adapter = usesAdapter(options) ? Object.keys(groups.backbone) : [];
  const heads = Object.keys({ ...groups.heads, ...groups.fixed });
  if (options.hiddenStatesFrom === 'inputs') {
    const read = new Set([lmHeadName(options.backbone), ...aboveInjection(options)]);
    const kept = base.filter((name) => read.has(name));
    return options.weightsIn === 'state'
      ? { state: [...kept, ...heads], constants: [] }
      : { state: heads, constants: kept };
  }
  return options.weightsIn === 'state'
    ? { state: [...base, ...heads], constants: [] }
    : { state: [...adapter, ...heads], constants: base };
}

/** Blocks that receive z; none under `head`. */
export const injectedInto = ({ config, backbone }: Pick<ProgramOptions, 'config' | 'backbone'>): number[] =>
  injectedLayers(config.latent, backbone.layers);

/** Weights that are run again with z: of the injected blocks and the final norm. */
function aboveInjection(options: ProgramOptions): string[] {
  const layers = injectedInto(options);
  if (layers.length === 0) return [];
  const prefixes = layers.map((layer) => layerName(layer, ''));
  const names = Object.keys(weightSpecs(options.backbone));
  return [FINAL_NORM, ...names.filter((name) => prefixes.some((prefix) => name.startsWith(prefix)))];
}

/** Before the backbone joins, LoRA's B is zero: leaving the adapter out is the same and cheaper. */
const usesAdapter = ({ config, stage }: ProgramOptions): boolean =>
  config.trainable === 'lora' && stage === 'all';

function adapterOf(options: ProgramOptions, weight: Lookup, row: NamedTensors): Adapter | undefined {
  if (!usesAdapter(options)) return undefined;
  const { loraRank, loraTargets } = options.config;
  const names = loraSpecs(options.backbone, loraRank, loraTargets);
  return {
    ...dropoutOf(options, row as DropoutNoise),
    scale: options.config.loraAlpha / options.config.loraRank,
    has: (target) => `lora.${target}.a` in names,
    a: (target) => weight(`lora.${target}.a`),
    b: (target) => weight(`lora.${target}.b`),
  };
}

interface BackboneRow {
  readonly tokens: Tensor;
  readonly positions: Tensor;
  readonly pairOf: Tensor;
  readonly branch: Tensor;
}

const blocksOf = (options: ProgramOptions, weight: Lookup, row: NamedTensors): Blocks =>
  backboneBlocks(
    options.backbone,
    weight,
    { ...(row as unknown as BackboneRow), ...(options.shape.span && { span: options.shape.span }) },
    adapterOf(options, weight, row),
    {
      recompute: options.config.recompute && options.stage === 'all',
      weightsTrain: options.config.trainable === 'full' && options.stage === 'all',
    },
  );

/** Hidden states of a row after the final norm and without z, (T, d), and what enters the first injected block. */
function hiddenStates(
  options: ProgramOptions,
  weight: Lookup,
  row: NamedTensors,
): { hidden: Tensor; below: Tensor | null } {
  const blocks = blocksOf(options, weight, row);
  const { layers } = options.backbone;
  const [first] = injectedInto(options);
  const embedded = blocks.embed(row.tokens as Tensor);
  if (first === undefined) return { hidden: blocks.norm(blocks.run(embedded, 0, layers)), below: null };
  const below = blocks.run(embedded, 0, first);
  return { hidden: blocks.norm(blocks.run(below, first, layers)), below };
}

/** Hidden states of a row after the final norm and without z, (T, d). */
export const policyHidden = (options: ProgramOptions, weight: Lookup, row: NamedTensors): Tensor =>
  hiddenStates(options, weight, row).hidden;

/** What the method reads of a row, before z is added. */
export function policyHiddenStates(
  options: ProgramOptions,
  weight: Lookup,
  row: NamedTensors,
): RowHiddenStates {
  if (options.hiddenStatesFrom === 'inputs') return hiddenStatesOfInputs(row);
  const { hidden, below } = hiddenStates(options, weight, row);
  const pooling = options.config.latent?.pooling ?? 'last';
  return { ...readHiddenStates(hidden, row, options.shape, pooling), below };
}

/** Of a row through the backbone, with h_x pooled in each way. */
export function pooledHiddenStates(
  options: ProgramOptions,
  weight: Lookup,
  row: NamedTensors,
): Omit<RowHiddenStates, 'prompt'> & { readonly prompts: Readonly<Record<Pooling, Tensor>> } {
  const { hidden, below } = hiddenStates(options, weight, row);
  const { pairs } = options.shape;
  const { prompt, ...others } = readHiddenStates(hidden, row, options.shape, 'last');
  return { ...others, below, prompts: { last: prompt, mean: poolPrompt(hidden, row, pairs, 'mean') } };
}

export interface LatentShifts {
  /** (P, d), to be added before the LM head; null under `layers`. */
  readonly atHead: Tensor | null;
  /** (P, d), to be added to the input of a block, for every token of the pair; null where z has no part in it. */
  before(layer: number): Tensor | null;
}

/** Where z (P, d) enters: for a forward pass that isn't over packed rows. */
export function latentShifts(
  options: Pick<ProgramOptions, 'config' | 'backbone'>,
  weight: Lookup,
  z: Tensor,
): LatentShifts {
  const layers = injectedInto(options);
  return {
    atHead: layers.length === 0 ? z : null,
    before: (layer) => (layers.includes(layer) ? injectionShift(weight, z, layer) : null),
  };
}

/** States that predict the replies, with z in them: (R, d). */
function hiddenStatesWithLatent(
  options: ProgramOptions,
  weight: Lookup,
  states: Pick<RowHiddenStates, 'responses' | 'below'>,
  z: Tensor,
  row: NamedTensors,
  membership: ResponseMembership,
): Tensor {
  const [first] = injectedInto(options);
  if (first === undefined) return addLatent(states.responses as Tensor, z, membership);
  const shifts = latentShifts(options, weight, z);
  const member = tokenMembership(row, options.shape);
  const spread = (layer: number): Tensor => tf.matMul(member, shifts.before(layer) as Tensor, true, false);
  const blocks = blocksOf(options, weight, row);
  const hidden = blocks.norm(blocks.run(states.below as Tensor, first, options.backbone.layers, spread));
  return tf.gather(hidden, row.responseRows as import('@tensorflow/tfjs').Tensor1D);
}

/** log π(y_t|x, y_<t, z) of every reply token, (R); z (P, d), null for the plain policy. */
export function tokenLogProbabilities(
  options: ProgramOptions,
  weight: Lookup,
  states: Pick<RowHiddenStates, 'responses' | 'below'>,
  latent: Tensor | null,
  row: NamedTensors,
  membership: ResponseMembership,
): Tensor {
  const head = weight(lmHeadName(options.backbone));
  const targets = row.targets as Tensor;
  if (latent && states.responses && options.stage === 'heads' && injectedInto(options).length === 0) {
    const shifted = { states: states.responses, shift: latent, membership: membership.pairs };
    return shiftedTargetLogProbabilities(shifted, head, targets);
  }
  const hidden = latent
    ? hiddenStatesWithLatent(options, weight, states, latent, row, membership)
    : states.responses;
  if (hidden === null)
    throw new FacetError({
      code: 'lpc.states-without-replies',
      message: 'States cached for a latent in the layers hold no reply states, so there is no plain policy.',
    });
  const weightTrained = options.weightsIn === 'state' && options.stage === 'all';
  return targetLogProbabilities(hidden, head, targets, { weightTrained });
}

/** log π(y|x, z) of every reply, (P, 2); arguments as of `tokenLogProbabilities`. */
export function replyLogProbabilities(...given: Parameters<typeof tokenLogProbabilities>): Tensor {
  const [options, , , , , membership] = given;
  return sumByReply(tokenLogProbabilities(...given), membership, options.shape);
}

/** Inputs that carry the row: tokens and where to read, or cached states. */
export const rowInputsOf = (options: ProgramOptions): NamedSpecs => {
  const { shape, hiddenStatesFrom, backbone } = options;
  if (hiddenStatesFrom !== 'inputs') return rowInputs(shape);
  const below = injectedInto(options).length > 0;
  return { ...hiddenStateInputs(shape, backbone.hiddenSize, { below }), ...replyInputs(shape) };
};

export const programName = (verb: string, { shape, stage, hiddenStatesFrom }: ProgramOptions): string =>
  `${verb}-${stage}${hiddenStatesFrom === 'inputs' ? '-cached' : ''}-${shape.tokens}x${shape.responses}x${shape.pairs}`;
