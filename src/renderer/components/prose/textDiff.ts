/** What differs between two texts, word by word. Pure; long texts are compared in a worker (`useTextDiff`). */
import { type ArrayChange, diffArrays } from 'diff';

/** Offsets `[start, end)` of a text that the other one has not got. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
export interface TextDiff {
  readonly left: readonly Span[];
  readonly right: readonly Span[];
}

/** More words than this on both sides together are compared by lines first, then within the lines that differ. */
const MOST_WORDS = 4_000;
/** A part that is not done in this time is marked whole. */
const GIVE_UP_MS = 1_500;

/** A word, a sign of a script without spaces, a line end, a run of spaces, or any other sign. */
const WORDS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}\p{N}_]+(?:['’-][\p{L}\p{M}\p{N}]+)*|\r?\n|[^\S\n]+|[\s\S]/gu;
const SENTENCES = /[^.!?。！？]+(?:[.!?。！？]+\s*|$)|[.!?。！？]+\s*/gu;
const LINES = /[^\n]*\n|[^\n]+/g;
/** From coarse to fine: a part that is short enough skips to the last. */
const LEVELS = [LINES, SENTENCES] as const;

interface Sides {
  readonly left: Span[];
  readonly right: Span[];
}

export function textDiff(left: string, right: string): TextDiff {
  const found: Sides = { left: [], right: [] };
  compare(left, right, 0, { left: 0, right: 0 }, found);
  return { left: tidy(left, found.left), right: tidy(right, found.right) };
}

const units = (text: string, pattern: RegExp): string[] => text.match(pattern) ?? [];

/** A share of the words for each level: counting all of them would cost as much as comparing. */
const isShort = (left: string, right: string): boolean =>
  left.length + right.length < 2 * MOST_WORDS ||
  (left.length + right.length < 20 * MOST_WORDS &&
    units(left, WORDS).length + units(right, WORDS).length <= MOST_WORDS);

function compare(
  left: string,
  right: string,
  level: number,
  at: { readonly left: number; readonly right: number },
  found: Sides,
): void {
  if (left === right) return;
  const short = isShort(left, right);
  const pattern = short ? WORDS : LEVELS[level];
  const changes = pattern === undefined ? null : changesOf(units(left, pattern), units(right, pattern));
  if (changes === null) {
    markWhole(left, right, at, found);
    return;
  }
  let [atLeft, atRight] = [at.left, at.right];
  for (let index = 0; index < changes.length; ) {
    const [removed, added] = [{ text: '' }, { text: '' }];
    for (; changes[index]?.added || changes[index]?.removed; index += 1) {
      const change = changes[index] as ArrayChange<string>;
      (change.added ? added : removed).text += change.value.join('');
    }
    const place = { left: atLeft, right: atRight };
    if (short || removed.text === '' || added.text === '') markWhole(removed.text, added.text, place, found);
    else compare(removed.text, added.text, level + 1, place, found);
    const same = changes[index];
    const sameLength = same === undefined ? 0 : same.value.reduce((sum, unit) => sum + unit.length, 0);
    atLeft += removed.text.length + sameLength;
    atRight += added.text.length + sameLength;
    if (same !== undefined) index += 1;
  }
}

/** Null where the two are too long and too different to compare in time. */
const changesOf = (left: string[], right: string[]): ArrayChange<string>[] | null =>
  diffArrays(left, right, { timeout: GIVE_UP_MS }) ?? null;

/** All but what both begin and end with. */
function markWhole(
  left: string,
  right: string,
  at: { readonly left: number; readonly right: number },
  found: Sides,
): void {
  const most = Math.min(left.length, right.length);
  let head = 0;
  while (head < most && left[head] === right[head]) head += 1;
  let tail = 0;
  while (tail < most - head && left.at(-1 - tail) === right.at(-1 - tail)) tail += 1;
  // Never inside of a word: both ends go back to where one begins.
  while (head > 0 && isWord(left[head - 1]) && (isWord(left[head]) || isWord(right[head]))) head -= 1;
  while (tail > 0 && isWord(left.at(-tail)) && (isWord(left.at(-1 - tail)) || isWord(right.at(-1 - tail))))
    tail -= 1;
  if (left.length > head + tail)
    found.left.push({ start: at.left + head, end: at.left + left.length - tail });
  if (right.length > head + tail)
    found.right.push({ start: at.right + head, end: at.right + right.length - tail });
}

const isWord = (sign: string | undefined): boolean => sign !== undefined && /[\p{L}\p{M}\p{N}_]/u.test(sign);

/** Joins marks that only spaces part, and leaves the spaces at a marked word's ends unmarked. */
function tidy(text: string, spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    const near =
      last !== undefined && span.start - last.end < 3 && /^[^\S\n]*$/.test(text.slice(last.end, span.start));
    if (near) joined[joined.length - 1] = { start: last.start, end: span.end };
    else joined.push(span);
  }
  return joined.flatMap(({ start, end }) => {
    const own = text.slice(start, end);
    const words = own.trim();
    if (words === '') return [{ start, end }];
    const from = start + own.length - own.trimStart().length;
    const to = from + words.length;
    // One space belongs to the word beside it; more of them, or a line end, are a change of their own.
    const spaces = (one: Span) => (/^ ?$/.test(text.slice(one.start, one.end)) ? [] : [one]);
    return [...spaces({ start, end: from }), { start: from, end: to }, ...spaces({ start: to, end })];
  });
}
