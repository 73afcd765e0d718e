import type { Decision, ReplyKey, Verdict } from '#core/preference.ts';
import { type AspectAnswer, MOST_CONFIDENCE, type VerdictAttributes } from '#core/verdictAttributes.ts';

const plain = { tie: 'tie', both_bad: 'both bad', skip: 'skipped', retracted: 'taken back' } as const;

/** A stored decision in the sides that were on screen: `left`, `right`, `tie`, … */
export function decisionWords(decision: Decision, leftKey: ReplyKey): string {
  if (decision === 'a' || decision === 'b') return decision === leftKey ? 'left' : 'right';
  return plain[decision];
}

/** With how much better the preferred reply is, where that was said. */
export const strengthWords = (words: string, strength: number | null): string =>
  strength === null ? words : `${words}, strength ${strength}`;

const aspectWords = (answer: AspectAnswer, sideOf: (key: ReplyKey) => string): string =>
  answer === 'na' ? 'does not apply' : answer === 'tie' ? 'tie' : sideOf(answer);

/** What a verdict says beside, a phrase each; sides as `left` and `right`, or by the stored replies without `leftKey`. */
export function attributeWords(said: VerdictAttributes, leftKey: ReplyKey | null): readonly string[] {
  const { strength, aspects, confidence, rationale, flag } = said;
  const sideOf = (key: ReplyKey): string =>
    leftKey === null ? `reply ${key.toUpperCase()}` : key === leftKey ? 'left' : 'right';
  return [
    ...(strength === null ? [] : [`strength ${strength}`]),
    ...Object.entries(aspects).map(([name, answer]) => `${name}: ${aspectWords(answer, sideOf)}`),
    ...(confidence === null ? [] : [`sure ${confidence} of ${MOST_CONFIDENCE}`]),
    ...(rationale === null ? [] : [`“${rationale}”`]),
    ...(flag === null ? [] : [`flagged: ${flag}`]),
  ];
}

/** How a verdict stands to the file's label; null where one of them states no preference to compare. */
export function agreement(verdict: Verdict, imported: Verdict | null): 'agree' | 'disagree' | null {
  if (imported === null || verdict === 'skip') return null;
  return verdict === imported ? 'agree' : 'disagree';
}
