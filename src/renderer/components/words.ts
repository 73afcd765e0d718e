/** Words of a reply and what differs between two replies. Pure. */
import { diffWordsWithSpace } from 'diff';

/** Runs of letters and digits, apostrophes and hyphens inside kept together. */
export const countWords = (text: string): number =>
  text.match(/[\p{L}\p{N}]+(?:[’'-][\p{L}\p{N}]+)*/gu)?.length ?? 0;

export interface DiffPart {
  readonly text: string;
  /** True where the other reply has not got it. */
  readonly own: boolean;
}
export interface WordDiff {
  readonly left: readonly DiffPart[];
  readonly right: readonly DiffPart[];
}

const GIVE_UP_MS = 400;

/** Word differences of two texts, or null where they are too long and too different to compare in time. */
export function wordDiff(left: string, right: string, giveUpMs = GIVE_UP_MS): WordDiff | null {
  const changes = diffWordsWithSpace(left, right, { timeout: giveUpMs });
  if (changes === undefined) return null;
  const sides: { left: DiffPart[]; right: DiffPart[] } = { left: [], right: [] };
  for (const { value, added, removed } of changes) {
    if (!added) sides.left.push({ text: value, own: removed });
    if (!removed) sides.right.push({ text: value, own: added });
  }
  return sides;
}
