import { fold, oneSpaced, wordsOf } from './fold.ts';

/** Part of a text that must occur (or must not); a phrase has several words. */
export interface Term {
  readonly words: readonly string[];
  readonly excluded: boolean;
}

const PART = /(-?)"([^"]*)"?|(\S+)/g;

/**
 * What a person types: every word or part of one must occur, "a phrase" as it stands, and -what must not. Null where
 * nothing was typed.
 */
export function parseQuery(text: string): Term[] | null {
  const terms: Term[] = [];
  for (const [, minus, phrase, word] of fold(text).matchAll(PART)) {
    if (phrase !== undefined) {
      const words = wordsOf(oneSpaced(phrase));
      if (words.length > 0) terms.push({ words, excluded: minus === '-' });
      continue;
    }
    const excluded = word !== undefined && word.length > 1 && word.startsWith('-');
    terms.push({ words: [excluded ? word.slice(1) : (word as string)], excluded });
  }
  return terms.length === 0 ? null : terms;
}

/** Blanks other than one space between two words. */
const UNEVEN = /[^\S ]| {2}/;

/** Whether a folded text answers the query. */
export function matches(terms: readonly Term[], folded: string): boolean {
  const spaced = UNEVEN.test(folded) ? oneSpaced(folded) : folded;
  return terms.every(({ words, excluded }) => spaced.includes(words.join(' ')) !== excluded);
}
