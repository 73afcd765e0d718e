import type { KeyBindings } from '../../components/keys.ts';
import { ACTIONS, type AnnotateAction, actionOf, CHOICES, type Choice, DIGITS } from './actions.ts';
import { actionByKey, type KeyMap } from './keys/keyMap.ts';
import type { VerdictHand } from './useVerdict.ts';

/** What the keys of the desk do now. Holding one down does it once, unless it scrolls. */
export function deskKeys(
  keys: KeyMap,
  act: (action: AnnotateAction) => void,
  hand: VerdictHand,
): KeyBindings {
  const once = (work: () => void) => (event: KeyboardEvent) => (event.repeat ? undefined : work());
  const { choice, asking } = hand.draft;
  const bound = actionByKey(keys);
  const digit = (pressed: number) => () => {
    if (hand.digit(pressed)) return;
    const action = bound.get(String(pressed));
    if (action !== undefined) act(action);
  };
  return {
    ...Object.fromEntries(
      ACTIONS.flatMap((action) => {
        const work = () => act(action);
        return keys[action].map((key) => [key, actionOf(action).held ? work : once(work)]);
      }),
    ),
    ...Object.fromEntries(DIGITS.map((pressed) => [String(pressed), once(digit(pressed))])),
    ...(choice !== null || asking !== null ? { escape: once(hand.letGo) } : {}),
  };
}

/** The verdict keys as they are now, for a screen beside the desk that decides pairs, too. */
export const choiceKeys = (keys: KeyMap, choose: (choice: Choice) => void): KeyBindings =>
  Object.fromEntries(CHOICES.flatMap((choice) => keys[choice].map((key) => [key, () => choose(choice)])));
