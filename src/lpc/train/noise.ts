/**
 * The random part of a row, as inputs. Every number follows from seed, step and pair alone: a resumed run sees the same
 * noise, and so does a pair however the step's pairs are packed into rows.
 */

import type { NamedData } from '#compute/program.ts';
import { codesOf } from '#core/methods.ts';
import { gumbels, type NoiseKey, normals } from '#core/random.ts';
import type { LatentConfig, RunConfig } from '#core/runConfig.ts';
import { noiseWidth } from '../method/latentModel.ts';
import type { EncodedPair } from '../packing/encode.ts';
import { dropoutNoise } from '../programs/loraDropout.ts';
import type { ProgramOptions } from '../programs/policy.ts';
import { promptKey } from './referenceCache.ts';

interface Slots {
  /** Pair slots P of the row. */
  readonly pairs: number;
  readonly hiddenSize: number;
}

/** Gumbel noise chooses among codes, normal noise moves a Gaussian. */
export const noiseSource = (latent: LatentConfig) => (codesOf({ latent }) === null ? normals : gumbels);

function byPair(
  latent: LatentConfig,
  pairs: readonly EncodedPair[],
  slots: Slots,
  keyOf: (pair: EncodedPair) => NoiseKey,
): Float32Array<ArrayBuffer> {
  const width = noiseWidth(latent, slots.hiddenSize);
  const values = new Float32Array(slots.pairs * width);
  const draw = noiseSource(latent);
  for (const [slot, pair] of pairs.entries()) values.set(draw(keyOf(pair), width), slot * width);
  return values;
}

/** `noisePrior` and `noisePosterior` of a training step, independent of each other; nothing without a posterior. */
export function trainingNoise(
  { latent, seed }: Pick<RunConfig, 'latent' | 'seed'>,
  step: number,
  pairs: readonly EncodedPair[],
  slots: Slots,
): NamedData {
  if (latent === null || noiseWidth(latent, slots.hiddenSize) === 0) return {};
  const noise = (stream: string) =>
    byPair(latent, pairs, slots, ({ pairId }) => ({ seed, stream: `${stream}:${pairId}`, counter: step }));
  return { noisePrior: noise('prior'), noisePosterior: noise('posterior') };
}

/** `noiseInference` where z is sampled in use: the same for a prompt's tokens and a seed, wherever it is read. */
export function inferenceNoise(
  { latent, seed }: Pick<RunConfig, 'latent' | 'seed'>,
  pairs: readonly EncodedPair[],
  slots: Slots,
): NamedData {
  if (latent?.inference !== 'sample' || noiseWidth(latent, slots.hiddenSize) === 0) return {};
  const keyOf = (pair: EncodedPair): NoiseKey => ({
    seed,
    stream: `inference:${promptKey(pair.prompt)}`,
    counter: 0,
  });
  return { noiseInference: byPair(latent, pairs, slots, keyOf) };
}

/** Noise of dropout where this stage has it; `row` numbers the rows of a step. */
export function dropoutOfRow(options: ProgramOptions, step: number, row: number): NamedData {
  const { config, stage } = options;
  if (stage !== 'all' || config.trainable !== 'lora' || config.loraDropout === 0) return {};
  return dropoutNoise(options, step * (config.batchPairs ?? config.accumulation) + row);
}
