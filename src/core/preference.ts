/** Preference pairs, verdicts and what a person saw when they decided. Pure. */

export const ROLES = ['system', 'developer', 'user', 'assistant', 'tool'] as const;
export type Role = (typeof ROLES)[number];

/** What a message holds beside its text, under the names that chat templates read. */
export interface MessageParts {
  readonly name?: string | undefined;
  readonly thinking?: string | undefined;
  readonly reasoning_content?: string | undefined;
  readonly reasoning?: string | undefined;
  readonly tool_calls?: readonly unknown[] | undefined;
  readonly tool_call_id?: string | undefined;
  /** Definitions of the tools on offer; they stand with the first message. */
  readonly tools?: readonly unknown[] | undefined;
}
export const MESSAGE_PARTS = [
  'name',
  'thinking',
  'reasoning_content',
  'reasoning',
  'tool_calls',
  'tool_call_id',
  'tools',
] as const satisfies readonly (keyof MessageParts)[];
export interface Message extends MessageParts {
  readonly role: Role;
  readonly content: string;
}

/** The parts that a message has beside its text, always in the same order; null where it is text alone. */
export function partsOf(message: Message): MessageParts | null {
  const parts = MESSAGE_PARTS.filter((part) => message[part] !== undefined);
  return parts.length === 0 ? null : Object.fromEntries(parts.map((part) => [part, message[part]]));
}
/** What makes two messages the same. */
export function messageKey(message: Message): readonly unknown[] {
  const { role, content } = message;
  const parts = partsOf(message);
  return parts === null ? [role, content] : [role, content, parts];
}

/** Which of both a reply with a label of its own is. */
export type SingleSide = 'chosen' | 'rejected';

/** A pair as training reads it: one prompt, the preferred reply first. */
export interface PreferencePair {
  readonly id: string;
  readonly promptId: string;
  readonly source: string;
  readonly aspect: string | null;
  readonly messages: readonly Message[];
  readonly chosen: string;
  readonly rejected: string;
  /** The messages of a reply that is more than its text, which then reads them out. */
  readonly chosenTurns?: readonly Message[] | undefined;
  readonly rejectedTurns?: readonly Message[] | undefined;
  /** Set where there is one reply with a label of its own: it stands on this side, the other is empty. */
  readonly single?: SingleSide | undefined;
}

/** The two stored replies of a pair are `a` and `b`; where they appear on screen is decided per showing. */
export type ReplyKey = 'a' | 'b';
export const VERDICTS = ['a', 'b', 'tie', 'both_bad', 'skip'] as const;
/** `retracted` is an undo: a row that supersedes a verdict and leaves the pair undecided. */
export type Verdict = (typeof VERDICTS)[number];
export type Decision = Verdict | 'retracted';

export const otherReply = (key: ReplyKey): ReplyKey => (key === 'a' ? 'b' : 'a');

/** The preference a verdict states, or null where it states none. */
export function preferredReply(decision: Decision): ReplyKey | null {
  return decision === 'a' || decision === 'b' ? decision : null;
}
