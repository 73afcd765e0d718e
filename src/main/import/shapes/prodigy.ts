/** Prodigy: choices with options, and comparisons of A and B. Potato's pairs, whose labels lie beside the texts. */

import { Row } from '../Row.ts';
import { annotatorOf } from '../read/people.ts';
import { readPrompt } from '../read/prompt.ts';
import { readTwoReplies } from '../read/replies.ts';
import {
  type ImportedItem,
  idText,
  isObject,
  isText,
  type JsonObject,
  type RowVerdict,
  UnreadableRow,
} from '../types.ts';
import { pairItem, type Shape } from './Shape.ts';
import { namedReplies, twoReplies } from './twoReplies.ts';

const person = (row: Row): string | null => {
  const found = row.at('_annotator_id') ?? row.at('_session_id');
  if (found) row.use('annotator', found.field);
  return found ? idText(found.value) : annotatorOf(row);
};

const optionsOf = (row: Row): unknown[] => {
  const options = row.at('options')?.value;
  return Array.isArray(options) ? options : [];
};

function choice(row: Row): ImportedItem[] {
  const options = optionsOf(row).map((option, index) => {
    const text = isObject(option) ? (option.text ?? option.html) : undefined;
    if (!isObject(option) || !isText(text)) throw new UnreadableRow(`options[${index}]`, 'holds no text');
    return { field: `options[${index}].text`, value: text, id: idText(option.id) };
  });
  const accepted = row.at('accept')?.value;
  const answer = row.at('answer')?.value ?? 'accept';
  const ids = answer === 'accept' && Array.isArray(accepted) ? (accepted as unknown[]).map(idText) : [];
  const found = row.at('text') ?? row.find('prompt');
  const inside = row.with({ options: null, accept: null, answer: null, prompt: found?.value ?? null });
  row.use('replies', 'options');
  if (found) row.use('prompt', found.field);
  for (const field of ['accept', 'answer']) if (row.at(field)) row.use('verdict', field);
  const prompt = readPrompt(inside);
  if (!prompt) throw new UnreadableRow('text', 'is missing: the question of the options');
  const annotator = person(row);
  const items = options.flatMap((x, index) =>
    options.slice(index + 1).flatMap((y): ImportedItem[] => {
      const [first, second] = [ids.includes(x.id), ids.includes(y.id)];
      // Of several options, the chosen one stands against each other one.
      if (ids.length > 0 && options.length > 2 && !first && !second) return [];
      const verdict: RowVerdict | null =
        ids.length === 0 ? null : first && second ? 'tie' : first ? 'first' : 'second';
      const two = readTwoReplies(inside, prompt, x, y);
      return [pairItem(row, two, [x.field, y.field], verdict ? [{ annotator, verdict }] : [])];
    }),
  );
  return items;
}

export const prodigyChoice: Shape = {
  name: 'prodigy-choice',
  matches: (row) => optionsOf(row).length >= 2,
  read: choice,
};

const textOf = (value: unknown): string | null => {
  if (isText(value)) return value;
  if (!isObject(value)) return null;
  return isText(value.text) ? value.text : null;
};

/** `A` is what was shown as accepted; "accept" prefers it. */
export const prodigyCompare: Shape = {
  name: 'prodigy-compare',
  matches: (row) =>
    textOf(row.value.A) !== null &&
    textOf(row.value.B) !== null &&
    (row.has('answer') || row.has('_task_hash') || isObject(row.value.A)),
  read: (row) => {
    const [x, y] = [
      { field: 'A', value: textOf(row.value.A) as string },
      { field: 'B', value: textOf(row.value.B) as string },
    ];
    const question = textOf(row.at('input')?.value) ?? textOf(row.find('prompt')?.value);
    if (question === null) throw new UnreadableRow('input', 'is missing: the question of A and B');
    for (const [part, field] of [
      ['reply A', 'A'],
      ['reply B', 'B'],
      ['prompt', 'input'],
      ['verdict', 'answer'],
    ] as const)
      row.use(part, row.at(field)?.field ?? field);
    const answer = row.at('answer')?.value;
    const verdict: RowVerdict | null = answer === 'accept' ? 'first' : answer === 'reject' ? 'second' : null;
    const inside = new Row({ prompt: question }, row.rules);
    const two = readTwoReplies(inside, readPrompt(inside), x, y);
    return [pairItem(row, two, ['A', 'B'], verdict ? [{ annotator: person(row), verdict }] : [])];
  },
};

/** Potato writes `label_annotations: {scheme: {label: value}}`; the one label that is set is the verdict. */
function potatoLabel(row: Row): string | null {
  const schemes = row.at('label_annotations')?.value ?? row.at('annotations')?.value;
  if (!isObject(schemes)) return null;
  for (const scheme of Object.values(schemes)) {
    if (isText(scheme)) return scheme;
    if (!isObject(scheme)) continue;
    const set = Object.entries(scheme as JsonObject).filter(
      ([, value]) => value !== null && value !== false && value !== '',
    );
    if (set.length === 1) return set[0]?.[0] ?? null;
  }
  return null;
}

/** Potato lists the two texts that it shows side by side. */
function listedTexts(row: Row): readonly [string, string] | null {
  const texts = row.at('text')?.value;
  return Array.isArray(texts) && texts.length === 2 && texts.every(isText)
    ? (texts as [string, string])
    : null;
}

export const potato: Shape = {
  name: 'potato',
  matches: (row) =>
    potatoLabel(row) !== null && (namedReplies(row).length === 2 || listedTexts(row) !== null),
  read: (row) => {
    const label = potatoLabel(row) as string;
    const user = row.at('user');
    const [a, b] = namedReplies(row).length === 2 ? [] : (listedTexts(row) ?? []);
    const texts = a === undefined ? {} : { text: null, response_a: a, response_b: b };
    if (a !== undefined) row.use('replies', 'text');
    const inside = row.with({
      winner: label,
      label_annotations: null,
      annotator: user?.value ?? null,
      ...texts,
    });
    if (user) row.use('annotator', user.field);
    const [item] = twoReplies.read(inside);
    for (const { part, field } of inside.readings) if (row.at(field)) row.use(part, field);
    row.use('verdict', row.at('label_annotations') ? 'label_annotations' : 'annotations');
    return item ? [{ ...item, metadata: row.rest() }] : [];
  },
};
