/**
 * Whether a text may be drawn as Markdown. A parser that recurses would end on a thousand nested quotes, and one that
 * looks back is slow on thousands of open brackets: such a text is shown as it is stored.
 */

const MOST_CHARACTERS = 100_000;
const MOST_LINES = 3_000;
const MOST_DEPTH = 50;
/** Columns of indentation before a list's marker; each level takes two or more. */
const MOST_INDENT = 2 * MOST_DEPTH;
const MOST_SIGNS = 6_000;
const CONTAINERS = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))+/gm;
const MARKER = />|[-+*]|\d+[.)]/g;
const LINE_ENDS = /\n|\r/g;
const SIGNS = /[[\]*_`<!~|\\$&]/g;

export function readsAsMarkdown(text: string): boolean {
  if (text.length > MOST_CHARACTERS) return false;
  for (const [prefix] of text.matchAll(CONTAINERS)) {
    if ((prefix.match(MARKER)?.length ?? 0) > MOST_DEPTH) return false;
    if (prefix.length - prefix.trimStart().length > MOST_INDENT) return false;
  }
  return !occursMoreThan(MOST_LINES, LINE_ENDS, text) && !occursMoreThan(MOST_SIGNS, SIGNS, text);
}

function occursMoreThan(most: number, pattern: RegExp, text: string): boolean {
  let found = 0;
  for (const _ of text.matchAll(pattern)) {
    found += 1;
    if (found > most) return true;
  }
  return false;
}
