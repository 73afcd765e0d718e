/** What a key or a button on the annotation screen does. Pure. */
import { otherReply, type ReplyKey, type Verdict } from '#core/preference.ts';

export const CHOICES = ['left', 'tie', 'right', 'both_bad', 'skip'] as const;
export type Choice = (typeof CHOICES)[number];
export type AnnotateAction =
  | Choice
  | 'undo'
  | 'redo'
  | 'guidelines'
  | 'diff'
  | 'source'
  | 'pane'
  | 'tall'
  | 'tokens'
  | 'link'
  | 'aspects'
  | 'confidence'
  | 'rationale'
  | 'flag'
  | 'editLeft'
  | 'editRight'
  | 'third'
  | 'order';

const keys: Readonly<Record<string, AnnotateAction>> = {
  '1': 'left',
  arrowleft: 'left',
  '2': 'right',
  arrowright: 'right',
  '3': 'tie',
  arrowdown: 'tie',
  t: 'tie',
  b: 'both_bad',
  s: 'skip',
  z: 'undo',
  'shift+z': 'redo',
  '?': 'guidelines',
  d: 'diff',
  m: 'source',
  h: 'pane',
  p: 'tall',
  i: 'tokens',
  l: 'link',
  a: 'aspects',
  c: 'confidence',
  w: 'rationale',
  f: 'flag',
  e: 'editLeft',
  'shift+e': 'editRight',
  n: 'third',
  o: 'order',
};
/** Verdicts, steps of a scale, or answers to what is asked; see `useVerdict`. */
export const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

export const isChoice = (action: AnnotateAction | undefined): action is Choice =>
  CHOICES.some((choice) => choice === action);

/** The verdict that a digit gives where nothing else is asked. */
export function choiceOfDigit(digit: number): Choice | null {
  const action = keys[String(digit)];
  return isChoice(action) ? action : null;
}

/** Every key of the screen with its action, names as `useScreenKeys` reads them. */
export const actionKeys: ReadonlyArray<readonly [string, AnnotateAction]> = Object.entries(keys);

export interface ChoiceLook {
  readonly label: string;
  /** Keys shown on the button. */
  readonly caps: readonly string[];
}
export const choiceLooks: Readonly<Record<Choice, ChoiceLook>> = {
  left: { label: 'Left better', caps: ['1', '←'] },
  tie: { label: 'Tie', caps: ['3', '↓'] },
  right: { label: 'Right better', caps: ['2', '→'] },
  both_bad: { label: 'Both bad', caps: ['B'] },
  skip: { label: 'Skip', caps: ['S'] },
};

/** The stored verdict that a choice states, given which reply was shown on the left. */
export function verdictOf(choice: Choice, leftKey: ReplyKey): Verdict {
  if (choice === 'left') return leftKey;
  if (choice === 'right') return otherReply(leftKey);
  return choice;
}

/** The choice that a stored verdict was on screen. */
export function choiceOf(verdict: Verdict, leftKey: ReplyKey): Choice {
  if (verdict === 'a' || verdict === 'b') return verdict === leftKey ? 'left' : 'right';
  return verdict;
}
