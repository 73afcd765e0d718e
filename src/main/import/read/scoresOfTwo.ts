/** Scores and ranks of two replies, each in a column of its own. Pure. */
import type { Found, Row } from '../Row.ts';
import { isAbsent, isText, type RowVerdict } from '../types.ts';
import type { Marks } from './verdictWords.ts';

export const asNumber = (found: Found | null): number | null => {
  if (!found || isAbsent(found.value)) return null;
  const value = isText(found.value) ? Number(found.value) : found.value;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};

export interface ScoresOfTwo {
  readonly fields: readonly [string, string];
  readonly values: readonly [number, number];
}

const SCORES =
  'score rating reward overall_score overall_rating avg_score avg_rating average_score average_rating mean_score mean_rating total_score final_score votes upvotes'.split(
    ' ',
  );
const RANKS = ['rank'];

const candidates = new Map<string, readonly (readonly [string, string])[]>();
const MOST_CANDIDATES = 200;
/** `score_a` beside `score_b`, `a_score` beside `b_score`, and their kin. */
function namesOf(
  names: readonly string[],
  marks: readonly [string, string],
): readonly (readonly [string, string])[] {
  const key = `${names[0]} ${marks.join(' ')}`;
  const before = candidates.get(key);
  if (before) return before;
  const made = names.flatMap((name) => [
    [`${name}_${marks[0]}`, `${name}_${marks[1]}`] as const,
    [`${marks[0]}_${name}`, `${marks[1]}_${name}`] as const,
  ]);
  if (candidates.size < MOST_CANDIDATES) candidates.set(key, made);
  return made;
}

function numbersOf(row: Row, { marks, fields }: Marks, names: readonly string[]): ScoresOfTwo | null {
  for (const called of marks[0] === fields[0] ? [marks] : [marks, fields]) {
    for (const [one, other] of namesOf(names, called)) {
      const [x, y] = [row.at(one), row.at(other)];
      const [first, second] = [asNumber(x), asNumber(y)];
      if (x && y && first !== null && second !== null)
        return { fields: [x.field, y.field], values: [first, second] };
    }
  }
  return null;
}

export const scoresOfTwo = (row: Row, marks: Marks): ScoresOfTwo | null => numbersOf(row, marks, SCORES);
export const ranksOfTwo = (row: Row, marks: Marks): ScoresOfTwo | null => numbersOf(row, marks, RANKS);

export const verdictOfScores = ({ values: [first, second] }: ScoresOfTwo): RowVerdict =>
  first > second ? 'first' : first < second ? 'second' : 'tie';
/** The lower the better. */
export const verdictOfRanks = ({ fields, values: [first, second] }: ScoresOfTwo): RowVerdict =>
  verdictOfScores({ fields, values: [second, first] });
