/** The pairs of a reported training step, as a run keeps them beside its checkpoints: a row of `STEP_PAIRS_FILE`, in order of the steps. */
export const STEP_PAIRS_FILE = 'step-pairs.jsonl';

export interface StepPairs {
  /** From 1, as in `StepFrame`. */
  readonly step: number;
  readonly pairIds: readonly string[];
  /** Under the training mixture of that step, before the step moved the weights. */
  readonly margins: readonly number[];
  /** Strongest code of p(z|x) of each pair's prompt, and its share; null without a codebook. */
  readonly codes: readonly number[] | null;
  readonly weights: readonly number[] | null;
}
