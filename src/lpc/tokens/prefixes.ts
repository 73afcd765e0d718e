/** Beginnings of a text, each some tokens longer than the one before. */
import { pieceTexts } from './pieceTexts.ts';
import type { Tokenizer } from './tokenizer.ts';

/** What is added, and the text up to there: the last is the whole text. Of more than `most` tokens several come together. */
export function prefixes(
  tokenizer: Pick<Tokenizer, 'encode' | 'decode'>,
  text: string,
  most: number,
): { readonly added: string; readonly text: string }[] {
  const pieces = pieceTexts(tokenizer, tokenizer.encode(text, { special: false })).filter(
    (piece) => piece !== '',
  );
  const steps = Math.min(most, pieces.length);
  const found: { added: string; text: string }[] = [];
  let end = 0;
  for (let step = 1; step <= steps; step++) {
    const to = Math.round((step * pieces.length) / steps);
    const added = pieces.slice(end, to).join('');
    end = to;
    found.push({ added, text: (found.at(-1)?.text ?? '') + added });
  }
  // What a tokenizer writes differently, a leading space say, is no other text.
  const last = found.at(-1);
  if (last) found[found.length - 1] = { ...last, text };
  return found;
}
