/** What a run will hold in memory, worked out before it is taken. */
import { totalmem } from 'node:os';
import { FacetError } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { WarningFrame } from '#core/runFrames.ts';
import type { BackboneConfig } from '../backbone/config.ts';
import type { ModelFolder } from '../backbone/modelFolder.ts';
import type { RowShape } from '../packing/shape.ts';
import { parameterGroups } from '../programs/policy.ts';
import { sizeOf, trainableSpecs } from './initialState.ts';
import { stagesOf } from './schedule.ts';

const FLOAT_BYTES = 4;
/** Value and two moments, each double-buffered, and the gradient. */
const COPIES_PER_TRAINED = 7;
/** The process with its engines, before any model. */
const PROCESS_BYTES = 300 * 1024 ** 2;
const GIB = 1024 ** 3;

export function trainableParameters(config: RunConfig, model: ModelFolder): number {
  const specs = trainableSpecs(parameterGroups(config, model.config));
  return Object.values(specs).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** Bytes of the tensors that a step over one row keeps for its backward pass, or a pass without one needs at once. */
export function activationBytes(backbone: BackboneConfig, shape: RowShape, backboneTrains: boolean): number {
  const { hiddenSize, intermediateSize, layers, heads, vocabulary } = backbone;
  const { tokens, responses, span = tokens } = shape;
  const keysSeen = Math.min(tokens, 2 * span);
  const perLayer = tokens * (12 * hiddenSize + 5 * intermediateSize) + 3 * heads * tokens * keysSeen;
  // A backbone at rest keeps nothing: a layer's memory is used again by the next.
  const layersHeld = backboneTrains ? layers : 1;
  return FLOAT_BYTES * (layersHeld * perLayer + 3 * responses * vocabulary + 2 * tokens * hiddenSize);
}

/** Peak of a run, process included. An estimate: engines plan memory in their own ways. */
export function peakBytes(config: RunConfig, model: ModelFolder, shape: RowShape): number {
  const frozen = config.trainable === 'full' ? 0 : model.info.parameters;
  return (
    PROCESS_BYTES +
    FLOAT_BYTES * (frozen + COPIES_PER_TRAINED * trainableParameters(config, model)) +
    activationBytes(model.config, shape, stagesOf(config).includes('all'))
  );
}

const inGib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;
const FIX =
  'Lower the token budget, train LoRA or heads instead of the full model, or choose a smaller model.';

/** Refuses a run that this machine can't hold, before it takes anything; warns where memory will be short. */
export function planMemory(
  neededBytes: number,
  available: { readonly freeBytes: number; readonly totalBytes: number } = {
    freeBytes: process.availableMemory(),
    totalBytes: totalmem(),
  },
): WarningFrame | null {
  const { freeBytes, totalBytes } = available;
  if (neededBytes > 1.5 * totalBytes) {
    throw new FacetError({
      code: 'train.too-large',
      message: `The run needs about ${inGib(neededBytes)} of memory; this machine has ${inGib(totalBytes)}.`,
      fix: FIX,
    });
  }
  if (neededBytes <= freeBytes) return null;
  return {
    type: 'warning',
    step: 0,
    code: 'memory-short',
    message: `The run needs about ${inGib(neededBytes)} of memory, and ${inGib(freeBytes)} are free: it may become slow or be ended by the system.`,
    fix: FIX,
  };
}
