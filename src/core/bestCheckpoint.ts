/** Which of a run's two kept checkpoints is meant, and the rule by which one is the best. */

export const CHECKPOINT_KINDS = ['last', 'best'] as const;
export type CheckpointKind = (typeof CHECKPOINT_KINDS)[number];

/** The rule of `isBetter` in words. */
export const BEST_RULE = 'lowest held-out preference loss';

/**
 * Whether an evaluation is better than the best so far: its held-out preference loss is lower. Accuracy decides nothing: on few
 * pairs it is too coarse to tell steps apart.
 */
export const isBetter = (
  evaluation: { readonly loss: number },
  best: { readonly loss: number } | null,
): boolean => best === null || evaluation.loss < best.loss;
