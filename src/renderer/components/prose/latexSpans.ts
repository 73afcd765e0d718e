/** Where a text states formulas: `\(…\)`, `\[…\]`, `$…$`, `$$…$$`, `\begin{…}…\end{…}`. Pure. */

export interface LatexSpan {
  /** Offset after the closing delimiter. */
  readonly end: number;
  /** Set on lines of its own, with nothing after it. */
  readonly alone: boolean;
}

/** A formula longer than this is shown as it is stored. */
const MOST_CHARACTERS = 4_000;
/** A text with more delimiters than this is no text for people; none of them is read as a formula. */
const MOST_DELIMITERS = 5_000;
/** Delimiters of `\begin{align}…` environments are part of what KaTeX reads; the others are not. */
const ENVIRONMENT =
  /^\\begin\{((?:align|alignat|aligned|array|cases|equation|gather|gathered|multline|split|[bBpvV]?matrix)\*?)\}/;
const BLANK_LINE = /\n[ \t]*\n/;
const DELIMITER = /\\\\|\\[()[\]]|\\begin\{|\$\$?/g;

/**
 * Every offset at which a formula may begin, with where it ends. Whether a beginning is reached (it is not inside
 * code) is the Markdown parser's to say.
 */
export function latexSpans(text: string): ReadonlyMap<number, LatexSpan> {
  const spans = new Map<number, LatexSpan>();
  const marks = [...text.matchAll(DELIMITER)].filter(([mark]) => mark !== '\\\\');
  if (marks.length > MOST_DELIMITERS) return spans;
  /** The nearest closing mark after each opening one, found from the end. */
  const next: Record<string, number | undefined> = {};
  for (const match of marks.reverse()) {
    const [mark] = match;
    const start = match.index;
    const span = spanAt(text, start, mark, next);
    if (span !== null) spans.set(start, span);
    next[mark] = start;
  }
  return spans;
}

const closers: Readonly<Record<string, string>> = { '\\(': '\\)', '\\[': '\\]', $$: '$$', $: '$' };

function spanAt(
  text: string,
  start: number,
  mark: string,
  next: Readonly<Record<string, number | undefined>>,
): LatexSpan | null {
  if (mark === '\\begin{') return environmentAt(text, start);
  const closer = closers[mark];
  const close = closer === undefined ? undefined : next[closer];
  if (closer === undefined || close === undefined || close - start > MOST_CHARACTERS) return null;
  const content = text.slice(start + mark.length, close);
  const end = close + closer.length;
  const reads =
    mark === '$'
      ? dollarsHoldFormula(text, start, end, content)
      : content.trim() !== '' && !BLANK_LINE.test(content) && text[end] !== '(' && looksLikeFormula(content);
  return reads ? { end, alone: (mark === '$$' || mark === '\\[') && endsLine(text, end) } : null;
}

function environmentAt(text: string, start: number): LatexSpan | null {
  const name = ENVIRONMENT.exec(text.slice(start, start + 40))?.[1];
  if (name === undefined) return null;
  const close = text.indexOf(`\\end{${name}}`, start);
  if (close < 0 || close - start > MOST_CHARACTERS) return null;
  const end = close + `\\end{${name}}`.length;
  return BLANK_LINE.test(text.slice(start, close)) ? null : { end, alone: endsLine(text, end) };
}

/** Nothing but spaces up to the end of the line. */
function endsLine(text: string, offset: number): boolean {
  let at = offset;
  while (text[at] === ' ' || text[at] === '\t') at += 1;
  return at === text.length || text[at] === '\n' || text[at] === '\r';
}

/** Single dollars are money more often than mathematics: no space inside, no letter or digit outside, one line. */
function dollarsHoldFormula(text: string, start: number, end: number, content: string): boolean {
  if (content === '' || /^\s|\s$|\n/.test(content)) return false;
  if (/[\p{L}\p{N}\\]/u.test(text[start - 1] ?? '') || /[\p{L}\p{N}]/u.test(text[end] ?? '')) return false;
  return looksLikeFormula(content);
}

/** False for plain words in brackets or between two prices. */
function looksLikeFormula(content: string): boolean {
  if (/[\\^_={}<>]/.test(content)) return true;
  const words = content.match(/\p{L}{3,}/gu)?.length ?? 0;
  return words === 0 || (words === 1 && !/^\d/.test(content) && /[+\-*/(|]/.test(content));
}

/** What KaTeX reads of a formula as it is stored: without its delimiters. */
export function latexSource(stored: string): { readonly tex: string; readonly display: boolean } {
  if (stored.startsWith('\\begin')) return { tex: stored, display: true };
  if (stored.startsWith('$$') || stored.startsWith('\\[')) return { tex: stored.slice(2, -2), display: true };
  return { tex: stored.startsWith('$') ? stored.slice(1, -1) : stored.slice(2, -2), display: false };
}
