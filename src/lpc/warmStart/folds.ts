/** Pairs set aside in turn, to choose by what was not fitted. */
import { randomSource } from '#core/random.ts';

const FOLDS = 3;
/** Fewer prompts are not worth being set aside. */
const FEWEST_PROMPTS = 12;

/** Places of pairs by fold, those of one prompt together; null where there are too few prompts. */
export function foldsOf(promptIds: readonly string[], seed: number): number[][] | null {
  const prompts = [...new Set(promptIds)];
  if (prompts.length < FEWEST_PROMPTS) return null;
  const order = randomSource({ seed, stream: 'warm-start.folds', counter: 0 }).shuffle(prompts);
  const foldOf = new Map(order.map((prompt, place) => [prompt, place % FOLDS]));
  return Array.from({ length: FOLDS }, (_, fold) =>
    promptIds.flatMap((prompt, place) => (foldOf.get(prompt) === fold ? [place] : [])),
  );
}

/** Places of the pairs of all other folds. */
export const restOf = (folds: readonly (readonly number[])[], fold: number): number[] =>
  folds.flatMap((others, other) => (other === fold ? [] : others));
