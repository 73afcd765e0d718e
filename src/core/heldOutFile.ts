/** Name of the file, in a run's folder, of the held-out pairs' figures at a step: JSON Lines of `PairResult`. */
export const heldOutFile = (step: number): string => `held-out-${String(step).padStart(6, '0')}.jsonl`;
