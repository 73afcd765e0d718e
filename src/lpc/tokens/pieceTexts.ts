/** What each token of a sequence adds to its text. */
import type { Tokenizer } from './tokenizer.ts';

const BROKEN = '\uFFFD';
/** Tokens before one that may change how it reads: a leading space, the first bytes of a character. */
const CONTEXT = 4;

/**
 * Text of each id where it stands. Special tokens read as they are written. The tokens of a character that is spread
 * over several read as nothing but the last, which reads as the character.
 */
export function pieceTexts(tokenizer: Pick<Tokenizer, 'decode'>, ids: ArrayLike<number>): string[] {
  const all = Array.from(ids);
  const textOf = (from: number, to: number): string =>
    from === to ? '' : tokenizer.decode(all.slice(from, to), { special: true });
  return all.map((_, place) => {
    const from = Math.max(0, place - CONTEXT);
    const before = textOf(from, place);
    const after = textOf(from, place + 1);
    if (after.endsWith(BROKEN)) return '';
    let same = 0;
    while (same < before.length && before[same] === after[same]) same += 1;
    return after.slice(same);
  });
}
