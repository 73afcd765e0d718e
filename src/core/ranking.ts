/** Three and more replies to one prompt in an order, ties allowed, and the pairs that it implies. Pure. */
import type { ReplyKey, Verdict } from './preference.ts';

/** As many as there are digits to place them by; larger sets are compared in pairs. */
export const MOST_RANKED = 9;

/** By the reply's id: 1 is the best, and the same number is a tie. */
export type Ranks = Readonly<Record<string, number>>;

/** What an order says of two of its replies. */
export const impliedVerdict = (a: number, b: number): Verdict => (a < b ? 'a' : a > b ? 'b' : 'tie');

/** Of two replies, which is shown before the other. */
export const shownFirst = (order: readonly number[], a: number, b: number): ReplyKey =>
  order.indexOf(a) <= order.indexOf(b) ? 'a' : 'b';

/** How many pairs there are of so many replies. */
export const pairsOf = (replies: number): number => (replies * (replies - 1)) / 2;

/** Whether each reply has a rank and nothing else has one. */
export const ranksAll = (ranks: Ranks, replyIds: readonly number[]): boolean =>
  Object.keys(ranks).length === replyIds.length && replyIds.every((id) => ranks[id] !== undefined);
