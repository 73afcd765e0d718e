/** Which of a run's two kept checkpoints is meant, and the rule by which one is the best. */

export const CHECKPOINT_KINDS = ['last', 'best'] as const;
export type CheckpointKind = (typeof CHECKPOINT_KINDS)[number];

/** By which held-out figure a run keeps its best checkpoint. */
export const BEST_BY = ['loss', 'accuracy'] as const;
export type BestBy = (typeof BEST_BY)[number];

/** The rules of `isBetter` in words. */
export const BEST_RULES: Readonly<Record<BestBy, string>> = {
  loss: 'lowest held-out preference loss',
  accuracy: 'highest held-out accuracy',
};
/** Where no run is at hand whose rule could be said. */
export const BEST_OF_ANY_RUN = `the run’s own rule: ${BEST_RULES.loss}, or ${BEST_RULES.accuracy} where it was trained by that`;

interface Held {
  readonly loss: number;
  readonly accuracy: number;
}

/**
 * Whether an evaluation is better than the best so far. By loss, accuracy decides nothing: on few pairs it is too coarse to tell
 * steps apart. By accuracy, the loss decides between equal ones.
 */
export function isBetter(by: BestBy, evaluation: Held, best: Held | null): boolean {
  if (best === null) return true;
  if (by === 'accuracy' && evaluation.accuracy !== best.accuracy) return evaluation.accuracy > best.accuracy;
  return evaluation.loss < best.loss;
}
