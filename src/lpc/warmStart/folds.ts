/** Pairs set aside in turn, to choose by what was not fitted. */
import { randomSource } from '#core/random.ts';

const FOLDS = 3;
/** Of fewer prompts a third is missed by the fits that are to speak for all: more folds leave them more. */
export const MANY_PROMPTS = 256;
const FOLDS_OF_FEW = 6;
/** Fewer prompts are not worth being set aside. */
const FEWEST_PROMPTS = 12;

/** Places of pairs by fold, those of one prompt together; null where there are too few prompts. */
export function foldsOf(promptIds: readonly string[], seed: number): number[][] | null {
  const prompts = [...new Set(promptIds)];
  if (prompts.length < FEWEST_PROMPTS) return null;
  const count = prompts.length < MANY_PROMPTS ? FOLDS_OF_FEW : FOLDS;
  const order = randomSource({ seed, stream: 'warm-start.folds', counter: 0 }).shuffle(prompts);
  const foldOf = new Map(order.map((prompt, place) => [prompt, place % count]));
  return Array.from({ length: count }, (_, fold) =>
    promptIds.flatMap((prompt, place) => (foldOf.get(prompt) === fold ? [place] : [])),
  );
}

/** Places of the pairs of all other folds. */
export const restOf = (folds: readonly (readonly number[])[], fold: number): number[] =>
  folds.flatMap((others, other) => (other === fold ? [] : others));
