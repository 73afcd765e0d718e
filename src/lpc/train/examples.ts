/** What a run trains on and is measured by, as its objective reads it. */
import { hasPosterior, learnsFromSingles, methodName, OBJECTIVE_FACTS } from '#core/methods.ts';
import { FacetError } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import { type EncodedPair, type EncodeLimits, isPair } from '../packing/encode.ts';
import { heldOutWithUnrelated, leavingRoom, withUnrelated } from '../packing/unrelated.ts';

/** Limits of the pairs' tokens: an objective that needs more in a row keeps room for it. */
export const limitsFor = (config: RunConfig, limits: EncodeLimits): EncodeLimits =>
  learnsFromSingles(config) ? leavingRoom(limits) : limits;

function requireReadable(config: RunConfig, pairs: readonly EncodedPair[]): void {
  const singles = pairs.filter((pair) => !isPair(pair)).length;
  if (singles === 0) return;
  const count = `${singles} of ${pairs.length} rows are single replies with a label`;
  if (!learnsFromSingles(config))
    throw new FacetError({
      code: 'train.single-labels',
      message: `${count}; ${OBJECTIVE_FACTS[config.objective].name} compares the two replies of a pair.`,
      fix: 'Take KTO, or leave those rows out.',
    });
  const where = { field: 'latent.posterior' };
  if (hasPosterior(config))
    throw new FacetError({
      code: 'train.single-labels-posterior',
      message: `${count}; the posterior of ${methodName(config)} reads two replies of which one is better.`,
      fix: 'Set the posterior to none, so that the prior alone makes z (the preset Robust does), or train on pairs alone.',
      where,
      suggestion: { field: 'latent.posterior', value: 'none', label: 'no posterior' },
    });
}

/** Pairs as they are, or every example with a reply to another prompt. Throws `train.single-labels…`, `train.one-prompt`. */
export function examplesFor(
  config: RunConfig,
  {
    training,
    heldOut,
  }: { readonly training: readonly EncodedPair[]; readonly heldOut: readonly EncodedPair[] },
  limits: EncodeLimits,
): { readonly training: readonly EncodedPair[]; readonly heldOut: readonly EncodedPair[] } {
  requireReadable(config, [...training, ...heldOut]);
  if (!learnsFromSingles(config)) return { training, heldOut };
  return {
    training: withUnrelated(training, limits),
    heldOut: heldOutWithUnrelated(heldOut, training, limits),
  };
}
