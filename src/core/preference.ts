/** Preference pairs, verdicts and what a person saw when they decided. Pure. */

export const ROLES = ['system', 'developer', 'user', 'assistant', 'tool'] as const;
export type Role = (typeof ROLES)[number];

export interface Message {
  readonly role: Role;
  readonly content: string;
}

/** A pair as training reads it: one prompt, the preferred reply first. */
export interface PreferencePair {
  readonly id: string;
  readonly promptId: string;
  readonly source: string;
  readonly aspect: string | null;
  readonly messages: readonly Message[];
  readonly chosen: string;
  readonly rejected: string;
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
