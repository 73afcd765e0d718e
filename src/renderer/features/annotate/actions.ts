/** What a key or a button on the annotation screen does. Pure. */
import { otherReply, type ReplyKey, type Verdict } from '#core/preference.ts';

export const CHOICES = ['left', 'tie', 'right', 'both_bad', 'skip'] as const;
export type Choice = (typeof CHOICES)[number];
/** An action of the desk: what it is called wherever it is offered, and the keys it has until somebody changes them. */
interface DeskAction {
  readonly label: string;
  /** As `useScreenKeys` reads them. */
  readonly keys: readonly string[];
  readonly group: 'Verdict' | 'Asked beside it' | 'Replies' | 'Queue' | 'View';
  /** It looks beyond one's own work. */
  readonly ownerOnly?: true;
  /** Holding the key down goes on. */
  readonly held?: true;
}

export const deskActions = {
  left: { label: 'Left better', keys: ['1', 'arrowleft'], group: 'Verdict' },
  right: { label: 'Right better', keys: ['2', 'arrowright'], group: 'Verdict' },
  tie: { label: 'Tie', keys: ['3', 'arrowdown', 't'], group: 'Verdict' },
  both_bad: { label: 'Both bad', keys: ['b'], group: 'Verdict' },
  skip: { label: 'Skip', keys: ['s'], group: 'Verdict' },
  undo: { label: 'Undo', keys: ['z'], group: 'Verdict' },
  redo: { label: 'Redo', keys: ['shift+z'], group: 'Verdict' },
  aspects: { label: 'Aspects', keys: ['a'], group: 'Asked beside it' },
  confidence: { label: 'How sure', keys: ['c'], group: 'Asked beside it' },
  rationale: { label: 'Why', keys: ['w'], group: 'Asked beside it' },
  flag: { label: 'Flag with a reason', keys: ['f'], group: 'Asked beside it' },
  editLeft: { label: 'Edit the left reply', keys: ['e'], group: 'Replies' },
  editRight: { label: 'Edit the right reply', keys: ['shift+e'], group: 'Replies' },
  third: { label: 'Write a third reply', keys: ['n'], group: 'Replies' },
  order: { label: 'Order of the queue', keys: ['o'], group: 'Queue', ownerOnly: true },
  guidelines: { label: 'Guidelines', keys: ['?'], group: 'Queue' },
  pane: { label: 'The pane beside the pair', keys: ['h'], group: 'View' },
  diff: { label: 'Word difference', keys: ['d'], group: 'View' },
  source: { label: 'Stored text or Markdown', keys: ['m'], group: 'View' },
  tall: { label: 'Tall prompt', keys: ['p'], group: 'View' },
  tokens: { label: 'Tokens of this pair', keys: ['i'], group: 'View', ownerOnly: true },
  link: { label: 'Scroll replies together or apart', keys: ['l'], group: 'View' },
  scrollDown: { label: 'Scroll replies down', keys: ['j'], group: 'View', held: true },
  scrollUp: { label: 'Scroll replies up', keys: ['k'], group: 'View', held: true },
  pageDown: { label: 'A page down', keys: ['pagedown'], group: 'View', held: true },
  pageUp: { label: 'A page up', keys: ['pageup'], group: 'View', held: true },
} as const satisfies Readonly<Record<string, DeskAction>>;

export type AnnotateAction = keyof typeof deskActions;
export const ACTIONS = Object.keys(deskActions) as AnnotateAction[];
export const actionOf = (action: AnnotateAction): DeskAction => deskActions[action];

/** Verdicts, steps of a scale, or answers to what is asked; see `useVerdict`. */
export const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

export const isChoice = (action: AnnotateAction | undefined): action is Choice =>
  CHOICES.some((choice) => choice === action);

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
