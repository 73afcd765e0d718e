import type { KeyBindings } from '../../components/keys.ts';
import { type AnnotateAction, actionKeys, DIGITS } from './actions.ts';
import type { VerdictHand } from './useVerdict.ts';

/** What the keys of the desk do now. Holding one down does it once. */
export function deskKeys(act: (action: AnnotateAction) => void, hand: VerdictHand): KeyBindings {
  const once = (work: () => void) => (event: KeyboardEvent) => (event.repeat ? undefined : work());
  const { choice, asking } = hand.draft;
  return {
    ...Object.fromEntries(actionKeys.map(([key, action]) => [key, once(() => act(action))])),
    ...Object.fromEntries(DIGITS.map((digit) => [String(digit), once(() => hand.digit(digit))])),
    ...(choice !== null || asking !== null ? { escape: once(hand.letGo) } : {}),
  };
}
