/** What a row says of its two replies. What can be read two ways is refused. Pure. */
import { NAMES } from '../fields.ts';
import type { Found, Row } from '../Row.ts';
import { type ImportedVerdict, idText, isAbsent, isText, type RowVerdict, UnreadableRow } from '../types.ts';
import {
  annotatorOf,
  columnsOfPeople,
  listOfPeople,
  shown,
  verdictsBesidePeople,
  verdictsInList,
} from './people.ts';
import {
  type Marks,
  plainWord,
  type Statement,
  saysNothing,
  statementOf,
  verdictOf,
} from './verdictWords.ts';

const isTrue = (value: unknown): boolean =>
  value === true ||
  value === 1 ||
  (isText(value) && ['true', '1', '1.0', 'yes'].includes(value.toLowerCase()));
const isFalse = (value: unknown): boolean =>
  value === false ||
  value === 0 ||
  (isText(value) && ['false', '0', '0.0', 'no'].includes(value.toLowerCase()));

/** `winner_model_a`, `winner_model_b`, `winner_tie`: one of them is 1. */
function oneHot(row: Row): RowVerdict | null {
  const columns = (
    [
      ['winner_model_a', 'first'],
      ['winner_model_b', 'second'],
      ['winner_tie', 'tie'],
      ['winner_tie_both_bad', 'both_bad'],
      ['tie', 'tie'],
      ['is_tie', 'tie'],
      ['both_bad', 'both_bad'],
      ['is_both_bad', 'both_bad'],
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
const verdictOfScores = ([first, second]: readonly [number, number]): RowVerdict =>
  first > second ? 'first' : first < second ? 'second' : 'tie';
const SCORES = ['score', 'rating', 'reward'];

/** `score_chosen` beside `score_rejected`, in the names that tools give them. */
function scoresOf(
  row: Row,
  marks: readonly [string, string],
  names: readonly string[] = SCORES,
): { fields: [string, string]; values: [number, number] } | null {
  for (const score of names) {
    for (const name of [(mark: string) => `${score}_${mark}`, (mark: string) => `${mark}_${score}`]) {
      const [x, y] = [row.at(name(marks[0])), row.at(name(marks[1]))];
      const [first, second] = [asNumber(x), asNumber(y)];
      if (x && y && first !== null && second !== null)
        return { fields: [x.field, y.field], values: [first, second] };
    }
  }
  return null;
}

/** Beside chosen and rejected: a tie, or what says the same again. Anything else contradicts, and is refused. */
export function verdictBesideChosen(row: Row): RowVerdict {
  const hot = oneHot(row);
  if (hot) return hot;
  const marks: Marks = { marks: ['chosen', 'rejected'], fields: ['chosen', 'rejected'] };
  const mapped = row.rules.map?.verdict;
  if (mapped === '') return 'first';
  for (const name of mapped ? [mapped] : ['label', 'winner', 'preference', 'verdict']) {
    const found = row.at(name);
    if (!found || isAbsent(found.value) || row.isUsed(found.field)) continue;
    const { value } = found;
    const meant = meantBy(row, value);
    if (meant !== null) {
      row.use('verdict', found.field);
      return meant === 'none' ? 'first' : meant;
    }
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
    // `b` may be the second reply that was shown, or the second field.
    if (verdict === 'second' || (isFalse(value) && name !== 'verdict'))
      throw new UnreadableRow(
        found.field,
        `is ${shown(value)} beside chosen and rejected: it can be read two ways; say what its values mean with --verdicts, or leave it out with --map verdict=`,
      );
  }
  // distilabel: the judge gave both the same rating, and their order says nothing.
  const status = row.at('status');
  if (status?.value === 'tie' && mapped === undefined) {
    row.use('verdict', status.field);
    return 'tie';
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

/** `winner: "gpt-4"` beside `model_a: "gpt-4"`; or the winning text itself. */
function sideNamed(row: Row, value: unknown, { marks, fields }: Marks): RowVerdict | null {
  if (!isText(value) || value === '') return null;
  const isNamed = [0, 1].map((side) => {
    const [mark, field] = [marks[side] as string, fields[side] as string];
    const names = [
      `model_${mark}`,
      `model${mark}`,
      `generator_${mark}`,
      `${field}_model`,
      `${field}_source`,
      field,
    ];
    return names.some((name) => row.at(name)?.value === value);
  });
  if (isNamed[0] === isNamed[1]) return null;
  return isNamed[0] ? 'first' : 'second';
}

/** From -3, the first reply is much better, to 3, the second is: HelpSteer 2 and 3. */
function signedPreference(row: Row): Statement | null {
  if (row.rules.map?.verdict !== undefined) return null;
  for (const name of ['overall_preference', 'preference_strength']) {
    const found = row.at(name);
    const value = found ? asNumber(found) : null;
    if (!found || value === null || Math.abs(value) > 3) continue;
    row.use('verdict', found.field);
    const verdict = value < 0 ? 'first' : value > 0 ? 'second' : 'tie';
    return { verdict, strength: value === 0 ? null : Math.abs(value) };
  }
  return null;
}

/** What the person said that a value means. */
function meantBy(row: Row, value: unknown): ImportedVerdict['verdict'] | 'none' | null {
  return row.rules.verdicts?.[isText(value) ? value : (idText(value) ?? String(value))] ?? null;
}

const isOpposite = (x: RowVerdict, y: RowVerdict): boolean =>
  (x === 'first' && y === 'second') || (x === 'second' && y === 'first');

/** Two columns that prefer different replies: which of them holds is for the person to say. */
function refuseContradiction(row: Row, said: { field: string; verdict: RowVerdict }, marks: Marks): void {
  if (row.rules.map?.verdict !== undefined) return;
  const refuse = (field: string): never => {
    throw new UnreadableRow(
      field,
      `prefers another reply than ${said.field}; say which of them is the verdict with --map verdict=${said.field}`,
    );
  };
  for (const name of NAMES.verdict) {
    const other = row.at(name);
    if (!other || row.isUsed(other.field) || !isText(other.value)) continue;
    const stated = statementOf(other.value, marks);
    if (stated && isOpposite(stated.verdict, said.verdict)) refuse(other.field);
  }
  const scores = scoresOf(row, marks.marks) ?? scoresOf(row, marks.fields);
  if (scores && isOpposite(verdictOfScores(scores.values), said.verdict)) refuse(scores.fields[0]);
}

const DEGREES: ReadonlyMap<string, number> = new Map([
  ['slight', 1],
  ['slightly', 1],
  ['slightlybetter', 1],
  ['better', 2],
  ['much', 3],
  ['muchbetter', 3],
  ['significantly', 3],
  ['significantlybetter', 3],
]);

/** How much better the preferred reply is, where a column says it. */
function strengthOf(row: Row): number | null {
  const found = row.find('strength');
  if (!found || isAbsent(found.value)) return null;
  const value = isText(found.value)
    ? (DEGREES.get(plainWord(found.value)) ?? asNumber(found))
    : asNumber(found);
  const isMapped = row.rules.map?.strength !== undefined;
  if (value !== null && value > 0) {
    row.use('strength', found.field);
    return value;
  }
  // Of a tie.
  if (value === 0 || !isMapped) return null;
  throw new UnreadableRow(found.field, `is ${shown(found.value)}, not a strength: a number above 0`);
}

/** A preference with its strength; what prefers nothing has none. */
export function withStrength(row: Row, said: ImportedVerdict): ImportedVerdict {
  if (said.verdict !== 'first' && said.verdict !== 'second') return { ...said, strength: null };
  return said.strength == null ? { ...said, strength: strengthOf(row) } : said;
}

/** What a row says of replies that it does not call chosen and rejected; empty where it says nothing. */
export function verdictsOfTwo(row: Row, marks: Marks): ImportedVerdict[] {
  const verdicts = statedOfTwo(row, marks);
  const [only, another] = verdicts;
  return only && !another ? [withStrength(row, only)] : verdicts;
}

/** A flag such as `is_tie` beside a verdict in words: both bad is a kind of tie, anything else contradicts. */
function besideFlag(row: Row, flagged: RowVerdict, marks: Marks): RowVerdict {
  const found = row.rules.map?.verdict === undefined ? row.find('verdict') : null;
  const said = found && isText(found.value) ? statementOf(found.value, marks)?.verdict : null;
  if (!found || !said) return flagged;
  if (said !== flagged && !(flagged === 'tie' && said === 'both_bad'))
    throw new UnreadableRow(
      found.field,
      `is ${shown(found.value)}, and contradicts the flag beside it; say which of them is the verdict with --map verdict=${found.field}`,
    );
  row.use('verdict', found.field);
  return said;
}

/** A list of one value is that value. */
const onlyOf = ({ field, value }: Found): Found => ({
  field,
  value: Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value,
});

function statedOfTwo(row: Row, marks: Marks): ImportedVerdict[] {
  const people = columnsOfPeople(row, marks);
  if (people.length > 0) return people;
  const hot = oneHot(row);
  if (hot) return [{ annotator: annotatorOf(row), verdict: besideFlag(row, hot, marks) }];
  const signed = signedPreference(row);
  if (signed) return [{ annotator: annotatorOf(row), ...signed }];
  const field = row.find('verdict');
  const several = field && (verdictsBesidePeople(row, field, marks) ?? verdictsInList(row, field, marks));
  if (several) return several;
  const found = field && onlyOf(field);
  if (found && !isAbsent(found.value)) {
    const meant = meantBy(row, found.value);
    if (meant !== null) {
      row.use('verdict', found.field);
      return meant === 'none' ? [] : [{ annotator: annotatorOf(row), verdict: meant }];
    }
    if (saysNothing(found.value)) return [];
    const named = sideNamed(row, found.value, marks);
    const said = statementOf(found.value, marks) ?? (named && { verdict: named, strength: null });
    if (!said) {
      throw new UnreadableRow(
        found.field,
        `is ${shown(found.value)}: it does not say clearly which of ${marks.fields.join(' and ')} is preferred; say what its values mean with --verdicts VALUE=a,VALUE=b, or map another field as the verdict`,
      );
    }
    row.use('verdict', found.field);
    // A share of judges, as AlpacaEval's 1.98, is more than a verdict.
    if (typeof found.value === 'number' && !Number.isInteger(found.value)) row.keep(found.field);
    refuseContradiction(row, { field: found.field, verdict: said.verdict }, marks);
    return [{ annotator: annotatorOf(row), ...said }];
  }
  const listed = listOfPeople(row, marks);
  if (listed.length > 0) return listed;
  const scores = scoresOf(row, marks.marks) ?? scoresOf(row, marks.fields);
  if (scores) return [{ annotator: annotatorOf(row), verdict: verdictOfScores(scores.values) }];
  // The lower the better.
  const ranks = scoresOf(row, marks.marks, ['rank']) ?? scoresOf(row, marks.fields, ['rank']);
  if (!ranks) return [];
  const [first, second] = ranks.values;
  return [{ annotator: annotatorOf(row), verdict: verdictOfScores([second, first]) }];
}
