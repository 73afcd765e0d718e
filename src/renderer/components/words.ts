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
  return { left: tidy(sides.left), right: tidy(sides.right) };
}

/** Joins marked words that only a space parts, and leaves the spaces at a mark's ends unmarked. */
function tidy(parts: readonly DiffPart[]): DiffPart[] {
  const joined: DiffPart[] = [];
  for (const [position, part] of parts.entries()) {
    const between =
      part.text.trim() === '' && joined.at(-1)?.own === true && parts[position + 1]?.own === true;
    const own = part.own || between;
    const last = joined.at(-1);
    if (last?.own === own) joined[joined.length - 1] = { text: last.text + part.text, own };
    else joined.push({ text: part.text, own });
  }
  return joined.flatMap(({ text, own }) => {
    if (!own) return [{ text, own }];
    const [, before = '', word = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? [];
    return [
      { text: before, own: false },
      { text: word, own: true },
      { text: after, own: false },
    ].filter((part) => part.text !== '');
  });
}
