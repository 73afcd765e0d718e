/** How often a run whose backbone rests reads its pairs: by that it is told whether their hidden states are worth keeping. */
import { codesOf, learnsFromSingles, OBJECTIVE_FACTS } from '#core/methods.ts';
import type { RunConfig } from '#core/runConfig.ts';
import { injectedInto } from '../programs/policy.ts';
import type { PreparedRun } from './prepare.ts';
import { backboneStart } from './schedule.ts';
import { beginsWithSearch, MOST_PAIRS } from './warmStart.ts';

export interface ReadPairs {
  readonly count: number;
  /** Steps of a pass over those that are trained on. */
  readonly stepsPerEpoch: number;
  readonly heldOutShare: number;
}

/** Evaluations while the backbone rests; codes are forced once more at the end of a run. */
function evaluations(config: RunConfig): number {
  const { evaluateEvery, steps } = config;
  const heads = backboneStart(config);
  const within = evaluateEvery > 0 ? Math.floor(heads / evaluateEvery) : 0;
  if (heads < steps) return within;
  const last = evaluateEvery > 0 && steps % evaluateEvery === 0 ? 0 : 1;
  return within + last + (codesOf(config) === null ? 0 : 1);
}

/**
 * Passes over all pairs that steps, evaluations, the reference and the directions of a latent make together. It follows from the run and
 * its pairs alone, whatever other runs left in the cache, so that a run which goes on later computes as it began.
 */
export function backbonePasses(
  {
    config,
    model,
    reference = null,
  }: Pick<PreparedRun, 'config' | 'model'> & Partial<Pick<PreparedRun, 'reference'>>,
  { count, stepsPerEpoch, heldOutShare }: ReadPairs,
): number {
  const trained = ((1 - heldOutShare) * backboneStart(config)) / Math.max(1e-9, stepsPerEpoch);
  const measured = heldOutShare * evaluations(config);
  if (injectedInto({ config, backbone: model.config }).length > 0) return trained + measured;
  const referred =
    OBJECTIVE_FACTS[config.objective].readsReference && reference === null && !learnsFromSingles(config);
  const directed = beginsWithSearch({ config, model }) ? Math.min(1, MOST_PAIRS / Math.max(1, count)) : 0;
  return trained + measured + Number(referred) + directed;
}
