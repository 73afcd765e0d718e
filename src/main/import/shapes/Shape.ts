import type { Row } from '../Row.ts';
import { annotatorOf, listOfPeople } from '../read/people.ts';
import { checkReplies, type TwoReplies } from '../read/replies.ts';
import { verdictBesideChosen, withStrength } from '../read/verdicts.ts';
import type { Marks } from '../read/verdictWords.ts';
import {
  type ImportedItem,
  type ImportedPair,
  type ImportedSingle,
  type ImportedVerdict,
  idText,
  isText,
  type RowVerdict,
  UnreadableRow,
} from '../types.ts';

/** One way in which tools write preferences. The first that a row matches reads it. */
export interface Shape {
  readonly name: string;
  matches(row: Row): boolean;
  read(row: Row): ImportedItem[];
}

/** A list of one is that one. */
const nameOf = (given: unknown): string | null => {
  const value = Array.isArray(given) && given.length === 1 ? (given[0] as unknown) : given;
  return isText(value) && value.trim() !== '' && value.length <= 120 ? value.trim() : null;
};

interface RowNames {
  readonly source: string | null;
  readonly aspect: string | null;
  readonly itemId: string | null;
}
const namesOfRows = new WeakMap<Row, RowNames>();

/** Source, aspect and id: what every item of a row shares. Taken before the rest becomes metadata. */
function rowNames(row: Row): RowNames {
  const known = namesOfRows.get(row);
  if (known) return known;
  const [source, aspect, id] = [row.find('source'), row.find('aspect'), row.find('id')];
  const names = {
    source: nameOf(source?.value),
    aspect: nameOf(aspect?.value),
    itemId: id ? idText(id.value) : null,
  };
  namesOfRows.set(row, names);
  if (source && names.source !== null) row.use('source', source.field);
  if (aspect && names.aspect !== null) row.use('aspect', aspect.field);
  if (id && names.itemId !== null) row.use('id', id.field);
  return names;
}

export function pairItem(
  row: Row,
  two: TwoReplies,
  fields: readonly [string, string],
  verdicts: readonly ImportedVerdict[],
): ImportedPair {
  checkReplies(two, fields);
  const names = rowNames(row);
  return { kind: 'pair', ...two, verdicts, ...names, metadata: row.rest() };
}
const CHOSEN: Marks = { marks: ['chosen', 'rejected'], fields: ['chosen', 'rejected'] };
/** What is said of chosen and rejected: by people that the row lists, or by the fields' names. */
export function saidOfChosen(row: Row): ImportedVerdict[] {
  const people = row.rules.map?.verdict === undefined ? listOfPeople(row, CHOSEN) : [];
  return people.length > 0 ? people : byOne(row, verdictBesideChosen(row));
}
export const byOne = (row: Row, verdict: RowVerdict): ImportedVerdict[] => [
  withStrength(row, { annotator: annotatorOf(row), verdict }),
];

export function singleItem(
  row: Row,
  { messages, reply, turns }: Pick<ImportedSingle, 'messages' | 'reply' | 'turns'>,
  desirable: boolean,
  field: string,
): ImportedSingle {
  if (reply.trim() === '') throw new UnreadableRow(field, 'is empty');
  if (!messages.some(({ role, content }) => role === 'user' && content !== ''))
    throw new UnreadableRow('prompt', 'is empty');
  return {
    kind: 'single',
    messages,
    reply,
    ...(turns && { turns }),
    desirable,
    ...rowNames(row),
    metadata: row.rest(),
  };
}
