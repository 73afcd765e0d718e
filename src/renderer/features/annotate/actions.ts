/** What a key or a button on the annotation screen does. Pure. */
import { otherReply, type ReplyKey, type Verdict } from '#core/preference.ts';

export const CHOICES = ['left', 'tie', 'right', 'both_bad', 'skip'] as const;
export type Choice = (typeof CHOICES)[number];
/** Two replies side by side, or several that are put in order. */
export type DeskKind = 'pair' | 'set';
/** An action of the desk: what it is called wherever it is offered, and the keys it has until somebody changes them. */
interface DeskAction {
  readonly label: string;
  /** Where several replies are on screen, if it is called otherwise there. */
  readonly ofSet?: string;
  /** As `useScreenKeys` reads them. */
  readonly keys: readonly string[];
  readonly group: 'Verdict' | 'Ranking' | 'Asked beside it' | 'Replies' | 'Queue' | 'View';
  /** What is on screen where it is one of two kinds; absent: either. Keys of one kind may be the keys of the other. */
  readonly on?: DeskKind;
  /** It looks beyond one's own work. */
  readonly ownerOnly?: true;
  /** Holding the key down goes on. */
  readonly held?: true;
}

export const deskActions = {
  left: { label: 'Left better', keys: ['1', 'arrowleft'], group: 'Verdict', on: 'pair' },
  right: { label: 'Right better', keys: ['2', 'arrowright'], group: 'Verdict', on: 'pair' },
  tie: { label: 'Tie', keys: ['3', 'arrowdown', 't'], group: 'Verdict', on: 'pair' },
  both_bad: { label: 'Both bad', ofSet: 'All bad', keys: ['b'], group: 'Verdict' },
  skip: { label: 'Skip', keys: ['s'], group: 'Verdict' },
  undo: { label: 'Undo', keys: ['z'], group: 'Verdict' },
  redo: { label: 'Redo', keys: ['shift+z'], group: 'Verdict' },
  before: { label: 'Choose the reply before', keys: ['arrowleft'], group: 'Ranking', on: 'set' },
  after: { label: 'Choose the reply after', keys: ['arrowright'], group: 'Ranking', on: 'set' },
  better: { label: 'Move the reply up', keys: ['arrowup'], group: 'Ranking', on: 'set' },
  worse: { label: 'Move the reply down', keys: ['arrowdown'], group: 'Ranking', on: 'set' },
  even: { label: 'Tie with the one above', keys: ['=', 't'], group: 'Ranking', on: 'set' },
  takeOff: { label: 'Take the last one off', keys: ['backspace'], group: 'Ranking', on: 'set' },
  notApply: { label: 'The aspect does not apply', keys: ['0'], group: 'Ranking', on: 'set' },
  aspects: { label: 'Aspects', ofSet: 'Rank by the next aspect', keys: ['a'], group: 'Asked beside it' },
  confidence: { label: 'How sure', keys: ['c'], group: 'Asked beside it' },
  rationale: { label: 'Why', keys: ['w'], group: 'Asked beside it' },
  flag: { label: 'Flag with a reason', keys: ['f'], group: 'Asked beside it' },
  editLeft: { label: 'Edit the left reply', keys: ['e'], group: 'Replies', on: 'pair' },
  editRight: { label: 'Edit the right reply', keys: ['shift+e'], group: 'Replies', on: 'pair' },
  third: { label: 'Write a third reply', keys: ['n'], group: 'Replies', on: 'pair' },
  order: { label: 'Order of the queue', keys: ['o'], group: 'Queue', ownerOnly: true },
  guidelines: { label: 'Guidelines beside the pair', keys: ['?'], group: 'Queue' },
  session: { label: 'Your session: pairs, time, pace', keys: ['y'], group: 'Queue' },
  changes: { label: 'Changes of the guidelines', keys: ['v'], group: 'Queue' },
  pane: { label: 'The pane beside the pair', keys: ['h'], group: 'View' },
  diff: { label: 'Word difference', keys: ['d'], group: 'View', on: 'pair' },
  source: { label: 'Stored text or Markdown', keys: ['m'], group: 'View' },
  tall: { label: 'Tall prompt', keys: ['p'], group: 'View' },
  tokens: { label: 'Tokens of this pair', keys: ['i'], group: 'View', on: 'pair', ownerOnly: true },
  link: { label: 'Scroll replies together or apart', keys: ['l'], group: 'View', on: 'pair' },
  scrollDown: { label: 'Scroll replies down', keys: ['j'], group: 'View', held: true },
  scrollUp: { label: 'Scroll replies up', keys: ['k'], group: 'View', held: true },
  pageDown: { label: 'A page down', keys: ['pagedown'], group: 'View', held: true },
  pageUp: { label: 'A page up', keys: ['pageup'], group: 'View', held: true },
} as const satisfies Readonly<Record<string, DeskAction>>;

export type AnnotateAction = keyof typeof deskActions;
export const ACTIONS = Object.keys(deskActions) as AnnotateAction[];
const isOn = (action: AnnotateAction, kind: DeskKind): boolean => {
  const { on } = actionOf(action);
  return on === undefined || on === kind;
};
/** The actions that there are with a pair, or with a set. */
export const actionsOn = (kind: DeskKind): AnnotateAction[] => ACTIONS.filter((action) => isOn(action, kind));
/** Whether both may be asked for of what is on screen: then they can not have the same key. */
export const meet = (one: AnnotateAction, other: AnnotateAction): boolean =>
  (['pair', 'set'] as const).some((kind) => isOn(one, kind) && isOn(other, kind));

export const actionOf = (action: AnnotateAction): DeskAction => deskActions[action];

/** Verdicts, steps of a scale, or answers to what is asked; see `useVerdict`. */
export const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** What an action is called with what is on screen. */
export const labelOn = (action: AnnotateAction, kind: DeskKind): string =>
  (kind === 'set' ? actionOf(action).ofSet : undefined) ?? actionOf(action).label;

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
