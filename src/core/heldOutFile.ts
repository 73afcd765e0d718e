/** Name of the file, in a run's folder, of the held-out pairs' figures at a step: JSON Lines of `PairResult`. */
export const heldOutFile = (step: number): string => `held-out-${String(step).padStart(6, '0')}.jsonl`;

/** Folder, in a run's folder, of p(z|x) of held-out prompts by evaluations; `PRIORS_PROMPTS` in it are the prompts' ids, in order. */
export const PRIORS_FOLDER = 'held-out-priors';
export const PRIORS_PROMPTS = 'prompts.json';

/** Of one evaluation: prompts × codes, little-endian float32. */
export const priorsFile = (step: number): string => `${String(step).padStart(6, '0')}.f32`;

/** Step of such a file; null where the name is no such file's. */
export function priorsStep(name: string): number | null {
  const found = /^(\d{6,})\.f32$/.exec(name);
  return found ? Number(found[1]) : null;
}
