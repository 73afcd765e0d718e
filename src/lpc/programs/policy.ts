/** The policy that programs share: backbone with adapter, LM head with z, parameter groups of a run. */
import type { NamedSpecs, NamedTensors, Tensor, TensorSpec } from '#compute/program.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { BackboneConfig } from '../backbone/config.ts';
import { type Adapter, backboneHidden } from '../backbone/llama.ts';
import { targetLogProbabilities } from '../backbone/logProbabilities.ts';
import { loraSpecs } from '../backbone/lora.ts';
import { lmHeadName, weightSpecs } from '../backbone/weightNames.ts';
import { headSpecs, type Lookup } from '../method/heads.ts';
import type { RowShape } from '../packing/shape.ts';
import {
  addLatent,
  givenStates,
  type ResponseMembership,
  type RowStates,
  readStates,
  replyInputs,
  rowInputs,
  stateInputs,
  sumByReply,
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
   * `inputs`: hidden states are fed (`stateInputs`) instead of computed from tokens. Only while the backbone rests, that
   * is with stage `heads`.
   */
  readonly statesFrom?: 'row' | 'inputs';
}

/** Names and shapes of what a run trains, by group. */
export interface ParameterGroups {
  readonly heads: Readonly<Record<string, TensorSpec>>;
  readonly backbone: Readonly<Record<string, TensorSpec>>;
}

export function parameterGroups(config: RunConfig, backbone: BackboneConfig): ParameterGroups {
  const heads = config.latent ? headSpecs(config.latent, backbone.hiddenSize) : {};
  if (config.trainable === 'lora') return { heads, backbone: loraSpecs(backbone, config.loraRank) };
  if (config.trainable === 'full') return { heads, backbone: weightSpecs(backbone) };
  return { heads, backbone: {} };
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
  const heads = Object.keys(groups.heads);
  if (options.statesFrom === 'inputs') {
    const head = lmHeadName(options.backbone);
    return options.weightsIn === 'state'
      ? { state: [head, ...heads], constants: [] }
      : { state: heads, constants: [head] };
  }
  return options.weightsIn === 'state'
    ? { state: [...base, ...heads], constants: [] }
    : { state: [...adapter, ...heads], constants: base };
}

/** Before the backbone joins, LoRA's B is zero: leaving the adapter out is the same and cheaper. */
const usesAdapter = ({ config, stage }: ProgramOptions): boolean =>
  config.trainable === 'lora' && stage === 'all';

function adapterOf(options: ProgramOptions, weight: Lookup): Adapter | undefined {
  if (!usesAdapter(options)) return undefined;
  const names = loraSpecs(options.backbone, options.config.loraRank);
  return {
    scale: options.config.loraAlpha / options.config.loraRank,
    has: (target) => `lora.${target}.a` in names,
    a: (target) => weight(`lora.${target}.a`),
    b: (target) => weight(`lora.${target}.b`),
  };
}

export interface BackboneRow {
  readonly tokens: Tensor;
  readonly positions: Tensor;
  readonly pairOf: Tensor;
  readonly branch: Tensor;
}

/** Hidden states of a row after the final norm, (T, d). */
export const policyHidden = (options: ProgramOptions, weight: Lookup, row: NamedTensors): Tensor =>
  backboneHidden(
    options.backbone,
    weight,
    { ...(row as unknown as BackboneRow), ...(options.shape.span && { span: options.shape.span }) },
    adapterOf(options, weight),
  );

export const policyStates = (options: ProgramOptions, weight: Lookup, row: NamedTensors): RowStates =>
  options.statesFrom === 'inputs'
    ? givenStates(row)
    : readStates(
        policyHidden(options, weight, row),
        row,
        options.shape,
        options.config.latent?.pooling ?? 'last',
      );

/** log π(y|x, z) of every reply, (P, 2): logits_t = LMHead(h_t + z), z null for the plain policy. */
export function replyLogProbabilities(
  options: Pick<ProgramOptions, 'backbone' | 'shape' | 'weightsIn' | 'stage'>,
  weight: Lookup,
  states: { readonly responses: Tensor },
  latent: Tensor | null,
  row: NamedTensors,
  membership: ResponseMembership,
): Tensor {
  const hidden = latent ? addLatent(states.responses, latent, membership) : states.responses;
  const head = weight(lmHeadName(options.backbone));
  const weightTrained = options.weightsIn === 'state' && options.stage === 'all';
  const logps = targetLogProbabilities(hidden, head, row.targets as Tensor, { weightTrained });
  return sumByReply(logps, membership, options.shape);
}

/** Inputs that carry the row: tokens and where to read, or cached states. */
export const rowInputsOf = ({ shape, statesFrom, backbone }: ProgramOptions): NamedSpecs =>
  statesFrom === 'inputs'
    ? { ...stateInputs(shape, backbone.hiddenSize), ...replyInputs(shape) }
    : rowInputs(shape);

export const programName = (verb: string, { shape, stage, statesFrom }: ProgramOptions): string =>
  `${verb}-${stage}${statesFrom === 'inputs' ? '-cached' : ''}-${shape.tokens}x${shape.responses}x${shape.pairs}`;
