const ASCII = /^[\0-\x7f]*$/;
const MARKS = /[\u0300-\u036f]/g;
const BLANKS = /\s+/;

/** A text as it is searched: without case and without the accents of Latin, Greek and Cyrillic letters. */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return text.normalize('NFD').replace(MARKS, '').normalize('NFC').toLowerCase();
}

/** What stands between blanks; a Chinese sentence is one. */
export const wordsOf = (folded: string): string[] => folded.split(BLANKS).filter((word) => word !== '');

/** Blanks as phrases see them: one between two words. */
export const oneSpaced = (folded: string): string => wordsOf(folded).join(' ');
