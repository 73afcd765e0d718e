/** Who said it, and what each of several people said. Pure. */
import { type Found, Row } from '../Row.ts';
import { type ImportedVerdict, idText, isAbsent, isObject, UnreadableRow } from '../types.ts';
import { type Marks, statementOf, verdictOf } from './verdictWords.ts';

export const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 60) ?? 'missing';

export function annotatorOf(row: Row): string | null {
  const found = row.find('annotator');
  if (!found) return null;
  const value =
    Array.isArray(found.value) && found.value.length === 1 ? (found.value[0] as unknown) : found.value;
  const name = isObject(value) ? (value.email ?? value.username ?? value.id) : value;
  const text = idText(name);
  if (text === null) return null;
  row.use('annotator', found.field);
  return text;
}

/** `annotator1`, `annotator2` …: what each of several people said. */
export function columnsOfPeople(row: Row, marks: Marks): ImportedVerdict[] {
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

const JUDGED = [
  'verdict',
  'preference',
  'overall_pref',
  'overall_preference',
  'winner',
  'label',
  'choice',
  'judgement',
  'judgment',
  'value',
  'score',
];

const BY_PERSON =
  /^(votes|annotations|(?:preference[ _-])?labels|preferences|judge?ments|verdicts|ratings|answers|choices)$/i;

/** `votes: {"p1": "a", "p2": "b"}`. */
function verdictsByPerson(row: Row, marks: Marks): ImportedVerdict[] {
  for (const [field, value] of Object.entries(row.value)) {
    if (!BY_PERSON.test(field) || !isObject(value) || row.isUsed(field)) continue;
    const said = Object.entries(value).map(([annotator, given]) => ({
      annotator,
      said: statementOf(given, marks),
    }));
    const verdicts = said.flatMap(({ annotator, said: one }) => (one ? [{ annotator, ...one }] : []));
    if (verdicts.length === 0 || verdicts.length !== said.length) continue;
    row.use('verdict', field);
    return verdicts;
  }
  return [];
}

/** `[{annotator, preference}, …]`: null where an entry lacks either. */
function listedVerdicts(
  value: readonly unknown[],
  marks: Marks,
): (ImportedVerdict & { annotator: string })[] | null {
  const verdicts = value.flatMap((entry) => {
    if (!isObject(entry)) return [];
    const inside = new Row(entry);
    const annotator = annotatorOf(inside);
    const said = JUDGED.map((name) => statementOf(inside.at(name)?.value, marks)).find(
      (found) => found !== null,
    );
    return annotator !== null && said ? [{ annotator, ...said }] : [];
  });
  return verdicts.length === value.length ? verdicts : null;
}

/** `annotations: [{annotator, preference}, …]`: one entry a person, each with a name and a verdict; further lists are of other people. */
export function listOfPeople(row: Row, marks: Marks): ImportedVerdict[] {
  const byPerson = verdictsByPerson(row, marks);
  if (byPerson.length > 0) return byPerson;
  const all: ImportedVerdict[] = [];
  const heard = new Set<string | null>();
  for (const [field, value] of Object.entries(row.value)) {
    if (!Array.isArray(value) || value.length === 0 || row.isUsed(field)) continue;
    const verdicts = listedVerdicts(value, marks);
    if (!verdicts || (all.length > 0 && verdicts.some(({ annotator }) => heard.has(annotator)))) continue;
    row.use('verdict', field);
    row.keep(field);
    for (const verdict of verdicts) heard.add(verdict.annotator);
    all.push(...verdicts);
  }
  return all;
}

/** `labels: [{annotator, winner}, …]`; null where this list says nothing clear, whatever other lists say. */
export function verdictsInList(row: Row, { field, value }: Found, marks: Marks): ImportedVerdict[] | null {
  if (!Array.isArray(value) || !value.some(isObject)) return null;
  const said = listOfPeople(row, marks);
  return row.isUsed(field) ? said : null;
}

/** `labels: ["a", "b"]` beside `annotators: ["p1", "p2"]`. */
export function verdictsBesidePeople(
  row: Row,
  { field, value }: Found,
  marks: Marks,
): ImportedVerdict[] | null {
  if (!Array.isArray(value)) return null;
  const people = row.at('annotators') ?? row.at('annotator') ?? row.at('judges') ?? row.at('annotator_ids');
  if (!Array.isArray(people?.value) || people.value.length !== value.length) return null;
  const verdicts = value.map((given: unknown, index): ImportedVerdict => {
    const annotator = idText((people.value as unknown[])[index]);
    const said = statementOf(given, marks);
    if (annotator === null) throw new UnreadableRow(`${people.field}[${index}]`, 'is no name of a person');
    if (!said)
      throw new UnreadableRow(
        `${field}[${index}]`,
        `is ${shown(given)}, which names neither reply nor a tie`,
      );
    return { annotator, ...said };
  });
  row.use('verdict', field);
  row.use('annotator', people.field);
  return verdicts;
}
