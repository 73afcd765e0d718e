import type { KeyBindings } from '../../components/keys.ts';
import type { Command } from '../../state/commands.ts';
import {
  type AnnotateAction,
  actionOf,
  actionsOn,
  CHOICES,
  type Choice,
  type DeskKind,
  DIGITS,
  labelOn,
} from './actions.ts';
import { actionByKey, type KeyMap } from './keys/keyMap.ts';

/** Takes a digit, or leaves it to the action whose key it is. */
interface Hand {
  readonly digit: (digit: number) => boolean;
}

/** What the keys of the desk do now. Holding one down does it once, unless it scrolls. */
export function deskKeys(
  kind: DeskKind,
  keys: KeyMap,
  act: (action: AnnotateAction) => void,
  hand: Hand,
  letGo: (() => void) | null,
): KeyBindings {
  const once = (work: () => void) => (event: KeyboardEvent) => (event.repeat ? undefined : work());
  const bound = actionByKey(keys, kind);
  const digit = (pressed: number) => () => {
    if (hand.digit(pressed)) return;
    const action = bound.get(String(pressed));
    if (action !== undefined) act(action);
  };
  return {
    ...Object.fromEntries(
      actionsOn(kind).flatMap((action) => {
        const work = () => act(action);
        return keys[action].map((key) => [key, actionOf(action).held ? work : once(work)]);
      }),
    ),
    ...Object.fromEntries(DIGITS.map((pressed) => [String(pressed), once(digit(pressed))])),
    ...(letGo === null ? {} : { escape: once(letGo) }),
  };
}

/** The verdict keys as they are now, for a screen beside the desk that decides pairs, too. */
export const choiceKeys = (keys: KeyMap, choose: (choice: Choice) => void): KeyBindings =>
  Object.fromEntries(CHOICES.flatMap((choice) => keys[choice].map((key) => [key, () => choose(choice)])));
/** The same as commands, each with the key that `cap` gives it. */
export const choiceCommands = (
  cap: (action: AnnotateAction) => string | undefined,
  choose: (choice: Choice) => void,
): Command[] =>
  CHOICES.map((choice) => ({
    id: `decide-${choice}`,
    label: labelOn(choice, 'pair'),
    keyName: cap(choice),
    run: () => choose(choice),
  }));
