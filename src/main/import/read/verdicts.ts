/** What a row says of its two replies. What can be read two ways is refused. Pure. */
import { plainName } from '../fields.ts';
import type { Found, Row } from '../Row.ts';
import {
  type ImportedVerdict,
  idText,
  isAbsent,
  isObject,
  isText,
  type RowVerdict,
  UnreadableRow,
} from '../types.ts';

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
    'nopreference',
    'neutral',
  ].map((word) => [word, 'tie'] as const),
  ...['tie(bothbad)', 'bothbad', 'neither', 'bothareba', 'bothworse'].map(
    (word) => [word, 'both_bad'] as const,
  ),
  ...['a', 'modela', 'responsea', '[[a]]', 'a>b', 'a>>b', 'b<a', 'first', 'assistanta', 'chosen'].map(
    (word) => [word, 'first'] as const,
  ),
  ...['b', 'modelb', 'responseb', '[[b]]', 'b>a', 'b>>a', 'a<b', 'second', 'assistantb', 'rejected'].map(
    (word) => [word, 'second'] as const,
  ),
]);
const plainWord = (text: string): string => text.toLowerCase().replace(/[\s_-]+/g, '');

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

const isTrue = (value: unknown): boolean =>
  value === true || value === 1 || (isText(value) && ['true', '1', '1.0'].includes(value.toLowerCase()));
const isFalse = (value: unknown): boolean =>
  value === false || value === 0 || (isText(value) && ['false', '0', '0.0'].includes(value.toLowerCase()));

/** `winner_model_a`, `winner_model_b`, `winner_tie`: one of them is 1. */
function oneHot(row: Row): RowVerdict | null {
  const columns = (
    [
      ['winner_model_a', 'first'],
      ['winner_model_b', 'second'],
      ['winner_tie', 'tie'],
      ['winner_tie_both_bad', 'both_bad'],
      ['tie', 'tie'],
      ['both_bad', 'both_bad'],
    ] as const
  ).flatMap(([name, verdict]) => {
    const found = row.at(name);
    return found && (isTrue(found.value) || isFalse(found.value)) ? [{ ...found, verdict }] : [];
  });
  const stated = columns.filter(({ value }) => isTrue(value));
  if (stated.length > 1) throw new UnreadableRow(stated[1]?.field ?? null, `contradicts ${stated[0]?.field}`);
  if (stated.length === 0) return null;
  for (const { field } of columns) row.use('verdict', field);
  return stated[0]?.verdict ?? null;
}

const asNumber = (found: Found | null): number | null => {
  if (!found || isAbsent(found.value)) return null;
  const value = isText(found.value) ? Number(found.value) : found.value;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};
const SCORES = ['score', 'rating', 'reward'];

/** `score_chosen` beside `score_rejected`, in the names that tools give them. */
function scoresOf(
  row: Row,
  marks: readonly [string, string],
): { fields: [string, string]; values: [number, number] } | null {
  for (const score of SCORES) {
    for (const name of [(mark: string) => `${score}_${mark}`, (mark: string) => `${mark}_${score}`]) {
      const [x, y] = [row.at(name(marks[0])), row.at(name(marks[1]))];
      const [first, second] = [asNumber(x), asNumber(y)];
      if (x && y && first !== null && second !== null)
        return { fields: [x.field, y.field], values: [first, second] };
    }
  }
  return null;
}

export function annotatorOf(row: Row): string | null {
  const found = row.find('annotator');
  if (!found) return null;
  const { value } = found;
  const name = isObject(value) ? (value.email ?? value.username ?? value.id) : value;
  const text = idText(name);
  if (text === null) return null;
  row.use('annotator', found.field);
  return text;
}

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 60) ?? 'missing';

/** Beside chosen and rejected: a tie, or what says the same again. Anything else contradicts, and is refused. */
export function verdictBesideChosen(row: Row): RowVerdict {
  const hot = oneHot(row);
  if (hot) return hot;
  const marks: Marks = { marks: ['chosen', 'rejected'], fields: ['chosen', 'rejected'] };
  for (const name of ['label', 'winner', 'preference', 'verdict']) {
    const found = row.at(name);
    if (!found || isAbsent(found.value) || row.isUsed(found.field)) continue;
    const { value } = found;
    const word = isText(value) ? plainWord(value) : null;
    const verdict = word !== null ? verdictOf(value, marks) : null;
    if (verdict === 'tie' || verdict === 'both_bad') {
      row.use('verdict', found.field);
      return verdict;
    }
    if (word === 'chosen' || isTrue(value)) {
      row.use('verdict', found.field);
      continue;
    }
    if (word === 'rejected')
      throw new UnreadableRow(
        found.field,
        'says that the rejected reply is preferred; it contradicts chosen',
      );
    if (isFalse(value) && name !== 'verdict')
      throw new UnreadableRow(
        found.field,
        `is ${shown(value)} beside chosen and rejected: it can be read two ways; map it, or leave it out with --map verdict=`,
      );
  }
  const scores = scoresOf(row, ['chosen', 'rejected']);
  if (!scores) return 'first';
  const [chosen, rejected] = scores.values;
  if (chosen === rejected) return 'tie';
  if (chosen > rejected || row.rules.map?.verdict === '') return 'first';
  throw new UnreadableRow(
    scores.fields[1],
    `is higher than ${scores.fields[0]}: the scores contradict the choice`,
  );
}

/** `annotator1`, `annotator2` …: what each of several people said. */
function columnsOfPeople(row: Row, marks: Marks): ImportedVerdict[] {
  return Object.keys(row.value).flatMap((field) => {
    if (!/^(annotator|rater|judge|labeler|human)[ _-]?\d+$/i.test(field)) return [];
    const { value } = row.at(field) ?? { value: null };
    if (isAbsent(value)) return [];
    const verdict = verdictOf(value, marks);
    if (!verdict) throw new UnreadableRow(field, `is ${shown(value)}, which names neither reply nor a tie`);
    row.use('verdict', field);
    return [{ annotator: field, verdict }];
  });
}

/** What a row says of replies that it does not call chosen and rejected; empty where it says nothing. */
export function verdictsOfTwo(row: Row, marks: Marks): ImportedVerdict[] {
  const people = columnsOfPeople(row, marks);
  if (people.length > 0) return people;
  const hot = oneHot(row);
  if (hot) return [{ annotator: annotatorOf(row), verdict: hot }];
  const found = row.find('verdict');
  if (found && !isAbsent(found.value)) {
    const verdict = verdictOf(found.value, marks);
    if (!verdict) {
      throw new UnreadableRow(
        found.field,
        `is ${shown(found.value)}: it does not say clearly which of ${marks.fields.join(' and ')} is preferred; write a field's name, tie or both_bad, or map another field as the verdict`,
      );
    }
    row.use('verdict', found.field);
    return [{ annotator: annotatorOf(row), verdict }];
  }
  const scores = scoresOf(row, marks.marks) ?? scoresOf(row, marks.fields);
  if (!scores) return [];
  const [first, second] = scores.values;
  return [
    { annotator: annotatorOf(row), verdict: first > second ? 'first' : first < second ? 'second' : 'tie' },
  ];
}
