/** A text cut where the other one differs. Pure. */
import type { Span } from './textDiff.ts';

export interface OwnPart {
  readonly text: string;
  readonly own: boolean;
  /** Offset in the whole text. */
  readonly start: number;
}

/** The parts of `text[start…end)`, what lies in `own` apart from the rest; `own` in order. */
export function ownParts(text: string, own: readonly Span[], start = 0, end = text.length): OwnPart[] {
  const parts: OwnPart[] = [];
  const push = (from: number, to: number, isOwn: boolean) => {
    if (to > from) parts.push({ text: text.slice(from, to), own: isOwn, start: from });
  };
  let at = start;
  for (let index = firstAfter(own, start); index < own.length; index += 1) {
    const span = own[index] as Span;
    if (span.start >= end) break;
    push(at, span.start, false);
    push(Math.max(at, span.start), Math.min(end, span.end), true);
    at = Math.min(end, span.end);
  }
  push(at, end, false);
  return parts;
}

/** Index of the first span that ends after an offset. */
export function firstAfter(spans: readonly Span[], offset: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle] as Span).end > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

const glyphs: Readonly<Record<string, string>> = { ' ': '·', '\t': '→', '\n': '↵', '\u00a0': '⍽' };

/** White space as signs that show it; null where there is other text. */
export const spaceGlyphs = (text: string): string | null =>
  text.trim() === '' ? [...text.replaceAll('\r', '')].map((sign) => glyphs[sign] ?? '␣').join('') : null;
