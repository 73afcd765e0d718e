/** Which pairs are trained on and which are scored: fixed for all methods and seeds of an experiment. */
import type { PreferencePair } from '#core/preference.ts';
import { FacetError } from '#core/result.ts';
import { heldOutPrompts } from '#core/split.ts';
import type { CellData } from './types.ts';

/** Share of the prompts (never pairs) that is scored and never trained on. */
export const TEST_SHARE = 0.15;
/** Never a run's seed: the test prompts stay the same while seeds change. */
const SPLIT_SEED = 20_250_504;
const VALIDATION_SEED = SPLIT_SEED + 2;
const VALIDATION_SHARE = 0.25;
/** Fewer leave a test set that says nothing. */
const FEWEST_PROMPTS = 20;

/** Two ids of one text count as one prompt. */
const promptKey = ({ messages }: PreferencePair): string =>
  JSON.stringify(messages.map(({ role, content }) => [role, content]));

export function testSplit(
  pairs: readonly PreferencePair[],
  name = 'pairs as given',
): Omit<CellData, 'labels'> {
  const keys = pairs.map(promptKey);
  const prompts = new Set(keys).size;
  if (prompts < FEWEST_PROMPTS) {
    throw new FacetError({
      code: 'experiment.too-few-prompts',
      message: `The pairs hold ${prompts} different prompts; an experiment needs ${FEWEST_PROMPTS}.`,
      fix: 'Choose a file with more pairs, or raise --limit.',
    });
  }
  return splitBy(pairs, TEST_SHARE, SPLIT_SEED, name);
}

/** The same, where `share` and `key` are a split's own. */
function splitBy(
  pairs: readonly PreferencePair[],
  share: number,
  key: number,
  name: string,
): Omit<CellData, 'labels'> {
  const keys = pairs.map(promptKey);
  const held = heldOutPrompts(keys, share, key);
  const isHeld = (index: number) => held.has(keys[index] as string);
  return {
    name,
    training: pairs.filter((_, index) => !isHeld(index)),
    test: pairs.filter((_, index) => isHeld(index)),
  };
}

/** For choosing settings: of the pairs that `testSplit` trains on, a quarter of the prompts set aside. */
export const validationSplit = (pairs: readonly PreferencePair[], name: string): Omit<CellData, 'labels'> =>
  splitBy(testSplit(pairs).training, VALIDATION_SHARE, VALIDATION_SEED, `${name}, validation`);

/** About as many pairs as asked for, whole prompts drawn by a fixed key. */
export function someOf(pairs: readonly PreferencePair[], limit: number): readonly PreferencePair[] {
  if (limit >= pairs.length) return pairs;
  const kept = heldOutPrompts(pairs.map(promptKey), limit / pairs.length, SPLIT_SEED + 1);
  return pairs.filter((pair) => kept.has(promptKey(pair)));
}
