import type { Decision, ReplyKey, Verdict } from '#core/preference.ts';

const plain = { tie: 'tie', both_bad: 'both bad', skip: 'skipped', retracted: 'taken back' } as const;

/** A stored decision in the sides that were on screen: `left`, `right`, `tie`, … */
export function decisionWords(decision: Decision, leftKey: ReplyKey): string {
  if (decision === 'a' || decision === 'b') return decision === leftKey ? 'left' : 'right';
  return plain[decision];
}

/** With how much better the preferred reply is, where that was said. */
export const strengthWords = (words: string, strength: number | null): string =>
  strength === null ? words : `${words}, strength ${strength}`;

/** How a verdict stands to the file's label; null where one of them states no preference to compare. */
export function agreement(verdict: Verdict, imported: Verdict | null): 'agree' | 'disagree' | null {
  if (imported === null || verdict === 'skip') return null;
  return verdict === imported ? 'agree' : 'disagree';
}
