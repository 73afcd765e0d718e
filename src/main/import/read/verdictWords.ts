/** Words, numbers and phrases that say which of two replies is preferred. Pure. */
import { plainName } from '../fields.ts';
import { isText, type RowVerdict } from '../types.ts';

const WORDS: ReadonlyMap<string, RowVerdict> = new Map<string, RowVerdict>([
  ...[
    'tie',
    'tied',
    'draw',
    'equal',
    'same',
    'a=b',
    'b=a',
    '[[c]]',
    'c',
    'both',
    'bothgood',
    'tie(bothgood)',
    'tie(inconsistent)',
    'nopreference',
    'neutral',
    'even',
    'nodifference',
    'nowinner',
    'aboutthesame',
    'equallygood',
    'botharegood',
    'botharegreat',
    'bothequal',
  ].map((word) => [word, 'tie'] as const),
  ...['tie(bothbad)', 'bothbad', 'neither', 'botharebad', 'bothworse', 'equallybad', 'allbad'].map(
    (word) => [word, 'both_bad'] as const,
  ),
  ...['a', 'modela', 'responsea', '[[a]]', 'a>b', 'a>>b', 'b<a', 'first', 'assistanta', 'chosen'].map(
    (word) => [word, 'first'] as const,
  ),
  ...['b', 'modelb', 'responseb', '[[b]]', 'b>a', 'b>>a', 'a<b', 'second', 'assistantb', 'rejected'].map(
    (word) => [word, 'second'] as const,
  ),
]);
/** What says that there is no opinion: the pair is unlabelled. */
const NO_OPINION: ReadonlySet<string> = new Set(
  'skip skipped unsure notsure unknown undecided unlabelled unlabeled na n/a nan null'.split(' '),
);
/** `A is slightly better`, `Response 2 is much better`. */
const PHRASE =
  /^(?:model|response|answer|output|option|assistant|reply|completion)?[\s_-]*(a|b|1|2)\s+(?:is\s+)?(?:(much|significantly|clearly|strongly|far|slightly|somewhat|marginally|a bit|a little)\s+)?(?:better|preferred)\.?$/i;
const STRONG = /^(?:much|significantly|clearly|strongly|far)$/i;
export const plainWord = (text: string): string => text.toLowerCase().replace(/[\s_-]+/g, '');

/** How the row marks its replies: `a`/`b`, `0`/`1`, `1`/`2`, and the names of the fields. */
export interface Marks {
  readonly marks: readonly [string, string];
  readonly fields: readonly [string, string];
}

function numberVerdict(value: number, [first]: readonly [string, string]): RowVerdict | null {
  if (first === '1') {
    if (value === 0 || value === 1.5) return 'tie';
    if (value >= 1 && value <= 2) return value < 1.5 ? 'first' : 'second';
  }
  if (first === '0') {
    if (value === 0) return 'first';
    if (value === 1) return 'second';
    if (value === 2 || value === 0.5) return 'tie';
  }
  return null;
}

/** What a value states of two replies. */
export interface Statement {
  readonly verdict: RowVerdict;
  /** 1 slightly, 2, 3 much better, where words say so. */
  readonly strength: number | null;
}

function phraseOf(text: string, { marks: [first, second] }: Marks): Statement | null {
  const found = PHRASE.exec(text.trim().replace(/[-_]+/g, ' '));
  if (!found) return null;
  const [, mark = '', degree] = found;
  const side = mark.toLowerCase();
  const isNumber = /\d/.test(side);
  // 1 and 2 are sure only where the replies are called so.
  if (isNumber && (first !== '1' || second !== '2')) return null;
  const strength = degree === undefined ? 2 : STRONG.test(degree) ? 3 : 1;
  return { verdict: side === 'a' || side === '1' ? 'first' : 'second', strength };
}

/** What a value states, or null where it states nothing that is sure. */
export function statementOf(value: unknown, marks: Marks): Statement | null {
  const verdict = verdictOf(value, marks);
  if (verdict) {
    const isStrong = isText(value) && />>|<</.test(value);
    return { verdict, strength: isStrong ? 3 : null };
  }
  return isText(value) ? phraseOf(value, marks) : null;
}

/** The verdict that a value states, or null where it states none that is sure. */
export function verdictOf(value: unknown, { marks, fields }: Marks): RowVerdict | null {
  if (typeof value === 'number') return numberVerdict(value, marks);
  if (!isText(value)) return null;
  const word = plainWord(value);
  for (const [index, side] of (['first', 'second'] as const).entries()) {
    if (word === plainName(fields[index] ?? '')) return side;
    if (!/^\d+$/.test(word) && word === marks[index]) return side;
  }
  const known = WORDS.get(word);
  if (known) return known;
  return word !== '' && Number.isFinite(Number(word)) ? numberVerdict(Number(word), marks) : null;
}

/** Whether a text says that there is no opinion. */
export const saysNothing = (value: unknown): boolean => isText(value) && NO_OPINION.has(plainWord(value));
