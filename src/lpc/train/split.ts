/** Held-out split of the pairs, by what the prompt says: two ids of one text are never on both sides. */
import type { PreferencePair } from '#core/preference.ts';
import { heldOutPrompts, promptKey } from '#core/split.ts';

export interface PairSplit {
  readonly training: readonly PreferencePair[];
  readonly heldOut: readonly PreferencePair[];
  readonly heldOutPromptIds: readonly string[];
}

/** Held out are the pairs of the prompts that are named. */
export function splitByPrompts(pairs: readonly PreferencePair[], promptIds: ReadonlySet<string>): PairSplit {
  return {
    training: pairs.filter(({ promptId }) => !promptIds.has(promptId)),
    heldOut: pairs.filter(({ promptId }) => promptIds.has(promptId)),
    heldOutPromptIds: [...promptIds].sort(),
  };
}

export function splitPairs(pairs: readonly PreferencePair[], share: number, seed: number): PairSplit {
  const keys = pairs.map(({ messages }) => promptKey(messages));
  const held = heldOutPrompts(keys, share, seed);
  const isHeld = (_: PreferencePair, index: number) => held.has(keys[index] as string);
  const heldOut = pairs.filter(isHeld);
  return {
    training: pairs.filter((pair, index) => !isHeld(pair, index)),
    heldOut,
    heldOutPromptIds: [...new Set(heldOut.map((pair) => pair.promptId))].sort(),
  };
}
