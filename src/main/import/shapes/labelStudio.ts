/** Label Studio: tasks with annotations (JSON), and one flat row an annotation (JSON_MIN). */

import { Row } from '../Row.ts';
import { annotatorOf } from '../read/people.ts';
import { readPromptOrText } from '../read/prompt.ts';
import { readTwoReplies } from '../read/replies.ts';
import { statementOf } from '../read/verdictWords.ts';
import {
  type ImportedVerdict,
  idText,
  isObject,
  isText,
  type JsonObject,
  type RowVerdict,
  UnreadableRow,
} from '../types.ts';
import { pairItem, type Shape } from './Shape.ts';
import { type NamedReply, namedReplies } from './twoReplies.ts';

const SIDES: ReadonlyMap<string, RowVerdict> = new Map([
  ['left', 'first'],
  ['right', 'second'],
  ['tie', 'tie'],
  ['equal', 'tie'],
  ['none', 'tie'],
]);

type Said = Omit<ImportedVerdict, 'annotator'>;

function sideVerdict(row: Row, value: unknown, [x, y]: readonly [NamedReply, NamedReply]): Said | null {
  if (!isText(value)) return null;
  const meant = row.rules.verdicts?.[value];
  if (meant !== undefined) return meant === 'none' ? null : { verdict: meant };
  const side = SIDES.get(value.toLowerCase());
  if (side) return { verdict: side };
  return statementOf(value, { marks: [x.mark, y.mark], fields: [x.field, y.field] });
}

function resultVerdict(row: Row, result: unknown, replies: readonly [NamedReply, NamedReply]): Said | null {
  if (!isObject(result) || !isObject(result.value)) return null;
  const { selected, choices } = result.value;
  if (selected !== undefined) return sideVerdict(row, selected, replies);
  return Array.isArray(choices) && choices.length === 1 ? sideVerdict(row, choices[0], replies) : null;
}

export function personOf(annotation: JsonObject): string | null {
  const { completed_by: by } = annotation;
  return isObject(by) ? idText(by.email ?? by.id) : idText(by);
}

/** Annotations that were cancelled say nothing. */
function verdictsOf(row: Row, replies: readonly [NamedReply, NamedReply]): ImportedVerdict[] {
  const annotations = row.at('annotations')?.value;
  if (!Array.isArray(annotations)) return [];
  return (annotations as unknown[]).flatMap((annotation, index): ImportedVerdict[] => {
    if (!isObject(annotation) || annotation.was_cancelled === true) return [];
    const results = Array.isArray(annotation.result) ? (annotation.result as unknown[]) : [];
    const verdicts = results
      .map((result) => resultVerdict(row, result, replies))
      .filter((said) => said !== null);
    if (new Set(verdicts.map(({ verdict }) => verdict)).size > 1)
      throw new UnreadableRow(`annotations[${index}].result`, 'names more than one side');
    const [said] = verdicts;
    return said ? [{ annotator: personOf(annotation), ...said }] : [];
  });
}

const twoOf = (row: Row): [NamedReply, NamedReply] => {
  const [x, y] = namedReplies(row);
  return [x as NamedReply, y as NamedReply];
};
export const dataOf = (row: Row): Row => new Row(row.at('data')?.value as JsonObject, row.rules);

export const labelStudio: Shape = {
  name: 'label-studio',
  matches: (row) => isObject(row.at('data')?.value) && namedReplies(dataOf(row)).length === 2,
  read: (row) => {
    const data = dataOf(row);
    const replies = twoOf(data);
    row.use('prompt', 'data');
    row.use('replies', 'data');
    const verdicts = verdictsOf(row, replies);
    if (verdicts.length > 0) row.use('verdict', 'annotations');
    // Reasons, ratings and times stay with the pair.
    row.keep('annotations');
    for (const { field } of replies) data.use('reply', field);
    const two = readTwoReplies(data, readPromptOrText(data), ...replies);
    if (data.rest()) row.keep('data');
    return [pairItem(row, two, [`data.${replies[0].field}`, `data.${replies[1].field}`], verdicts)];
  },
};

/** The field whose value names a side, as JSON_MIN writes a pairwise result. Throws `UnreadableRow` where two name different ones. */
function sideField(row: Row): { field: string; verdict: RowVerdict } | null {
  const replies = twoOf(row);
  const mapped = row.rules.map?.verdict;
  const sides = Object.entries(row.value).flatMap(([field, value]) => {
    if (replies.some((reply) => reply.field === field) || (mapped !== undefined && mapped !== field))
      return [];
    const selected = isObject(value) ? value.selected : value;
    const verdict = isText(selected) ? SIDES.get(selected) : undefined;
    return verdict ? [{ field, verdict }] : [];
  });
  const [side] = sides;
  const other = sides.find(({ verdict }) => verdict !== side?.verdict);
  if (side && other)
    throw new UnreadableRow(
      other.field,
      `says something else than ${side.field}; say which of them is the verdict with --map verdict=${side.field}`,
    );
  return side ?? null;
}

export const labelStudioMin: Shape = {
  name: 'label-studio-min',
  matches: (row) => row.has('annotation_id') && namedReplies(row).length === 2 && sideField(row) !== null,
  read: (row) => {
    const replies = twoOf(row);
    const side = sideField(row) as { field: string; verdict: RowVerdict };
    row.use('verdict', side.field);
    for (const { field } of replies) row.use('reply', field);
    const two = readTwoReplies(row, readPromptOrText(row), ...replies);
    const verdicts = [{ annotator: annotatorOf(row), verdict: side.verdict }];
    return [pairItem(row, two, [replies[0].field, replies[1].field], verdicts)];
  },
};
