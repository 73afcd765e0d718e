/** What changed from one text to another, as one text with marks. Pure. */
import { diffLines, diffWordsWithSpace } from 'diff';

export interface ChangedPart {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Longer texts are compared by lines. */
const GIVE_UP_MS = 300;
/** What stayed the same is shown this far around a change, characters. */
const AROUND = 160;

export function changedParts(before: string, after: string): ChangedPart[] {
  const changes = diffWordsWithSpace(before, after, { timeout: GIVE_UP_MS }) ?? diffLines(before, after);
  return changes.map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }));
}

/** The middle of long parts that stayed the same is left out; the first and last keep the side next to a change alone. */
export function abridged(parts: readonly ChangedPart[]): ChangedPart[] {
  return parts.map((part, place) => {
    const { kind, text } = part;
    const [head, tail] = [place > 0, place < parts.length - 1];
    if (kind !== 'same' || parts.length === 1) return part;
    if (text.length <= AROUND * (Number(head) + Number(tail)) + 1) return part;
    const start = head ? text.slice(0, AROUND) : '';
    const end = tail ? text.slice(-AROUND) : '';
    return { kind, text: `${start}…${end}` };
  });
}
