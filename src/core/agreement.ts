/** Which reply training is told to prefer, from what people and the file say. */
import { preferredReply, type ReplyKey, type Verdict } from './preference.ts';

export const LABEL_SCOPES = ['people-then-imported', 'consensus', 'people', 'imported'] as const;
/** `consensus`: Dawid and Skene's over people, else over those whom files name; `trainingLabel` knows one pair alone. */
export type LabelScope = (typeof LABEL_SCOPES)[number];

/** Majority of the stated preferences; null on a draw or where none states one. */
export function majority(verdicts: readonly Verdict[]): ReplyKey | null {
  const preferred = verdicts.map(preferredReply);
  const a = preferred.filter((key) => key === 'a').length;
  const b = preferred.filter((key) => key === 'b').length;
  return a === b ? null : a > b ? 'a' : 'b';
}

/**
 * `people`: each person's standing verdict. A skip is no opinion; a tie, both bad or a draw between people is one,
 * and keeps the pair out of training even where the file prefers a reply.
 */
/** Whether labels that came with a file train. */
export const trainsByFile = (scope: LabelScope): boolean => scope !== 'people';

export function trainingLabel(
  people: readonly Verdict[],
  imported: Verdict | null,
  scope: LabelScope,
): ReplyKey | null {
  const fromFile = imported === null ? null : preferredReply(imported);
  if (scope === 'imported') return fromFile;
  const opinions = people.filter((verdict) => verdict !== 'skip');
  if (opinions.length > 0) return majority(opinions);
  return trainsByFile(scope) ? fromFile : null;
}
