/** A sweep while it is typed. Pure. */
import { type Failure, toFailure } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { RuleModel } from '#core/runRules.ts';
import { planRuns, readAxis, readSeeds, type SweepAxis } from '#shared/sweep.ts';

interface AxisDraft {
  readonly field: string;
  readonly text: string;
}
export interface SweepDraft {
  readonly first: AxisDraft;
  /** No field: a sweep over one setting. */
  readonly second: AxisDraft;
  readonly seeds: string;
}

export const startingSweep = (seed: string): SweepDraft => ({
  first: { field: 'learningRate', text: '' },
  second: { field: '', text: '' },
  seeds: seed,
});

export type CheckedSweep =
  | { readonly axes: SweepAxis[]; readonly seeds: number[]; readonly count: number; readonly failure: null }
  | { readonly failure: Failure };

/** The sweep as main takes it, or what stands in the way. */
export function checkSweep(draft: SweepDraft, config: RunConfig, model: RuleModel): CheckedSweep {
  try {
    const axes = [draft.first, draft.second]
      .filter(({ field }) => field !== '')
      .map(({ field, text }) => readAxis(field, text));
    const seeds = readSeeds(draft.seeds);
    return { axes, seeds, count: planRuns(config, axes, seeds, model).length, failure: null };
  } catch (error) {
    return { failure: toFailure(error) };
  }
}
