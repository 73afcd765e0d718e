/** What a row says of its two replies. What can be read two ways is refused. Pure. */
import { plainName } from '../fields.ts';
import type { Found, Row } from '../Row.ts';
import { type ImportedVerdict, idText, isAbsent, isText, type RowVerdict, UnreadableRow } from '../types.ts';
import { refuseContradiction } from './contradictions.ts';
import {
  annotatorOf,
  columnsOfPeople,
  listOfPeople,
  shown,
  verdictsBesidePeople,
  verdictsInList,
} from './people.ts';
import { asNumber, ranksOfTwo, scoresOfTwo, verdictOfRanks, verdictOfScores } from './scoresOfTwo.ts';
import { isFalse, isTrue, type Said, saidByFlags, saidByLoser, sideNamed } from './sides.ts';
import {
  type Marks,
  plainWord,
  type Statement,
  saysNothing,
  statementOf,
  verdictOf,
} from './verdictWords.ts';

const CHOSEN: Marks = { marks: ['chosen', 'rejected'], fields: ['chosen', 'rejected'] };
const isSide = (verdict: RowVerdict): boolean => verdict === 'first' || verdict === 'second';

/** Beside chosen and rejected: a tie, or what says the same again. Anything else contradicts, and is refused. */
export function verdictBesideChosen(row: Row): RowVerdict {
  const mapped = row.rules.map?.verdict;
  if (mapped === '') return 'first';
  const flag = saidByFlags(row, CHOSEN);
  for (const field of flag && flag.no === undefined ? (flag.fields ?? []) : []) row.use('verdict', field);
  if (flag && !isSide(flag.verdict)) return flag.verdict;
  if (flag?.verdict === 'second')
    throw new UnreadableRow(
      flag.field,
      `says that the chosen reply is not the better one; say what holds: --map verdict= goes by the fields' names`,
    );
  const said = wordBesideChosen(row, mapped ? [mapped] : ['label', 'winner', 'preference', 'verdict']);
  if (said) return said;
  // distilabel: the judge gave both the same rating, and their order says nothing.
  const status = row.at('status');
  if (status?.value === 'tie' && mapped === undefined) {
    row.use('verdict', status.field);
    return 'tie';
  }
  return mapped === undefined ? byFiguresBesideChosen(row) : 'first';
}

/** Null where no column says more than the names of the fields. */
function wordBesideChosen(row: Row, names: readonly string[]): RowVerdict | null {
  for (const name of names) {
    const found = row.at(name);
    if (!found || isAbsent(found.value) || row.isUsed(found.field)) continue;
    const { value } = found;
    const meant = meantBy(row, value);
    if (meant !== null) {
      row.use('verdict', found.field);
      return meant === 'none' ? 'first' : meant;
    }
    const word = isText(value) ? plainWord(value) : null;
    const verdict = word !== null ? verdictOf(value, CHOSEN) : null;
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
  return null;
}

/** What scores, ranks and a margin say of chosen and rejected: a tie where they are equal; the other way round is refused. */
function byFiguresBesideChosen(row: Row): RowVerdict {
  const scores = scoresOfTwo(row, CHOSEN);
  if (scores && verdictOfScores(scores) === 'tie') return 'tie';
  const ranks = ranksOfTwo(row, CHOSEN);
  const goesBy = "; --map verdict= goes by the fields' names all the same";
  if (scores && verdictOfScores(scores) === 'second')
    throw new UnreadableRow(
      scores.fields[1],
      `is higher than ${scores.fields[0]}: the scores contradict the choice${goesBy}`,
    );
  if (ranks && verdictOfRanks(ranks) === 'second')
    throw new UnreadableRow(
      ranks.fields[1],
      `is better than ${ranks.fields[0]}, since 1 is the best rank: the ranks contradict the choice${goesBy}`,
    );
  if (!scores && ranks && verdictOfRanks(ranks) === 'tie') return 'tie';
  for (const name of ['margin', 'score_margin', 'reward_margin']) {
    const found = row.at(name);
    if (found && (asNumber(found) ?? 0) < 0)
      throw new UnreadableRow(found.field, `is below 0: it contradicts the choice${goesBy}`);
  }
  return 'first';
}

/** From -3, the first reply is much better, to 3, the second is: HelpSteer 2 and 3. */
function signedPreference(row: Row, marks: Marks): (Said & Statement) | null {
  if (row.rules.map?.verdict !== undefined) return null;
  // Beside a verdict, a strength is how much better the preferred reply is.
  const word = row.find('verdict');
  const isBeside = word !== null && statementOf(word.value, marks) !== null;
  for (const name of isBeside ? ['overall_preference'] : ['overall_preference', 'preference_strength']) {
    const found = row.at(name);
    const value = found ? asNumber(found) : null;
    if (!found || value === null || Math.abs(value) > 3) continue;
    const verdict = value < 0 ? 'first' : value > 0 ? 'second' : 'tie';
    return { field: found.field, verdict, strength: value === 0 ? null : Math.abs(value) };
  }
  return null;
}

/** What the person said that a value means. */
function meantBy(row: Row, value: unknown): ImportedVerdict['verdict'] | 'none' | null {
  return row.rules.verdicts?.[isText(value) ? value : (idText(value) ?? String(value))] ?? null;
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

/** What a row says of replies that it does not call chosen and rejected; empty where it says nothing. `known`: what its tool's numbers mean. */
export function verdictsOfTwo(row: Row, marks: Marks, known: Said | null): ImportedVerdict[] {
  const verdicts = known ? byOne(row, known, marks) : statedOfTwo(row, marks);
  if (verdicts.length === 0) askAboutVerdicts(row, marks);
  const [only, another] = verdicts;
  return only && !another ? [withStrength(row, only)] : verdicts;
}

/** `is_output_0_better`, `preferred_by_judge`. */
const OF_VERDICTS =
  /(?:^|[^a-z])(?:better|worse|preferred|winner|loser|verdict|wins|chosen|rejected)(?:$|[^a-z])/i;

/** A column under any name whose value is a reply's own name: `result: "response_b"`. */
function namesReply(field: string, value: unknown, marks: Marks): boolean {
  if (!isText(value) || value.length > 40) return false;
  if (/^(?:result|outcome|decision)$/i.test(field)) return statementOf(value, marks) !== null;
  const names = marks.marks.flatMap((mark) => [`response${mark}`, `model${mark}`, `output${mark}`]);
  return [...names, ...marks.fields.map(plainName)].some(
    (name) => name.length > 2 && name === plainWord(value),
  );
}

/** What a tool proposed to people, as Argilla's tables name it: nobody's verdict. */
const SUGGESTED = /(?:^|[._-])suggestions?(?:$|[._-])/i;

/** A row that says nothing may still have a column that does, in a way that is not known. */
function askAboutVerdicts(row: Row, marks: Marks): void {
  if (row.rules.map?.verdict !== undefined) return;
  for (const [field, value] of Object.entries(row.value)) {
    const mayBe = OF_VERDICTS.test(field) || namesReply(field, value, marks);
    if (SUGGESTED.test(field) || !mayBe || isAbsent(value) || row.isUsed(field) || saysNothing(value))
      continue;
    if (
      typeof value !== 'boolean' &&
      asNumber({ field, value }) === null &&
      !(isText(value) && value.length < 40)
    )
      continue;
    throw new UnreadableRow(
      field,
      `is ${shown(value)} and may say which reply is preferred; say so with --map verdict=${field} --verdicts VALUE=a,VALUE=b, or leave the pair unlabelled with --map verdict=`,
    );
  }
}

/** Both bad is a kind of tie: where a flag says the one, and a word the other, the word says more. */
function besideDraw(row: Row, flagged: RowVerdict, marks: Marks): RowVerdict {
  const found = row.rules.map?.verdict === undefined ? row.find('verdict') : null;
  const said = found ? statementOf(found.value, marks)?.verdict : null;
  if (!found || said !== 'both_bad' || flagged !== 'tie') return flagged;
  row.use('verdict', found.field);
  return said;
}

/** A list of one value is that value. */
const onlyOf = ({ field, value }: Found): Found => ({
  field,
  value: Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value,
});

function statedOfTwo(row: Row, marks: Marks): ImportedVerdict[] {
  if (row.rules.map?.verdict === '') return [];
  const people = columnsOfPeople(row, marks);
  if (people.length > 0) return people;
  const flag = saidByFlags(row, marks);
  if (flag && !flag.no) return byOne(row, { ...flag, verdict: besideDraw(row, flag.verdict, marks) }, marks);
  const loser = saidByLoser(row, marks);
  if (loser && row.rules.map?.verdict !== undefined) return byOne(row, loser, marks);
  const signed = signedPreference(row, marks);
  if (signed) return byOne(row, signed, marks);
  const field = row.find('verdict');
  const several = field && (verdictsBesidePeople(row, field, marks) ?? verdictsInList(row, field, marks));
  if (several) return several;
  const found = field && onlyOf(field);
  if (found && !isAbsent(found.value) && !row.isUsed(found.field)) return saidIn(row, found, marks);
  const listed = listOfPeople(row, marks);
  if (listed.length > 0) return listed;
  const said = loser ?? (flag?.no === 'of both' ? null : flag) ?? saidByFigures(row, marks);
  if (said) return byOne(row, said, marks);
  if (!flag) return [];
  throw new UnreadableRow(
    flag.field,
    'says no, and so does the flag of the other reply: whether that is a tie, both bad or no opinion is not said; map a field that says it, or none with --map verdict=',
  );
}

/** What the row's own column of verdicts says. */
function saidIn(row: Row, found: Found, marks: Marks): ImportedVerdict[] {
  const meant = meantBy(row, found.value);
  if (meant !== null) {
    row.use('verdict', found.field);
    return meant === 'none' ? [] : [{ annotator: annotatorOf(row), verdict: meant }];
  }
  if (saysNothing(found.value)) return [];
  askAboutZero(found, marks);
  const named = sideNamed(row, found.value, marks);
  const said = statementOf(found.value, marks) ?? (named && { verdict: named, strength: null });
  if (!said) {
    throw new UnreadableRow(
      found.field,
      `is ${shown(found.value)}: it does not say clearly which of ${marks.fields.join(' and ')} is preferred; say what its values mean with --verdicts VALUE=a,VALUE=b, or map another field as the verdict`,
    );
  }
  // A share of judges, as AlpacaEval's 1.98, is more than a verdict.
  if (typeof found.value === 'number' && !Number.isInteger(found.value)) row.keep(found.field);
  return byOne(row, { field: found.field, ...said }, marks);
}

/** AlpacaEval's 0 is a tie; elsewhere 0 beside replies called 1 and 2 may be the first of them, counted from 0. */
function askAboutZero({ field, value }: Found, { marks, fields }: Marks): void {
  if (marks[0] !== '1' || (plainName(field) === 'preference' && plainName(fields[0]) === 'output1')) return;
  if (value !== 0 && !(isText(value) && /^0(?:\.0)?$/.test(value.trim()))) return;
  throw new UnreadableRow(
    field,
    `is 0, which may be a tie, or the first reply counted from 0; say which with --verdicts 0=tie,1=a,2=b or --verdicts 0=a,1=b`,
  );
}

function saidByFigures(row: Row, marks: Marks): Said | null {
  const scores = scoresOfTwo(row, marks);
  if (scores) return { field: scores.fields[0], verdict: verdictOfScores(scores), isFigure: true };
  const ranks = ranksOfTwo(row, marks);
  return ranks && { field: ranks.fields[0], verdict: verdictOfRanks(ranks), isFigure: true };
}

/** The one verdict of a row, if nothing else in it says another. Scores stay as metadata, too. */
function byOne(
  row: Row,
  said: Said & { readonly strength?: number | null },
  marks: Marks,
): ImportedVerdict[] {
  const { field, verdict, strength = null, fields = [field] } = said;
  for (const name of said.isFigure ? [] : fields) row.use('verdict', name);
  refuseContradiction(row, said, marks);
  return [{ annotator: annotatorOf(row), verdict, strength }];
}
