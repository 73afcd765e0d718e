/** Prodigy: choices with options, and comparisons of two texts. */

import { type Found, Row } from '../Row.ts';
import { annotatorOf } from '../read/people.ts';
import { readPrompt } from '../read/prompt.ts';
import { readTwoReplies } from '../read/replies.ts';
import { saysNothing, verdictOf } from '../read/verdictWords.ts';
import { type ImportedItem, idText, isObject, isText, type RowVerdict, UnreadableRow } from '../types.ts';
import { pairItem, type Shape } from './Shape.ts';

const person = (row: Row): string | null => {
  const found = row.at('_annotator_id') ?? row.at('_session_id');
  if (found) row.use('annotator', found.field);
  return found ? idText(found.value) : annotatorOf(row);
};

const optionsOf = (row: Row): unknown[] => {
  const options = row.at('options')?.value;
  return Array.isArray(options) ? options : [];
};

interface Option {
  readonly field: string;
  readonly value: string;
  readonly id: string | null;
}

/** What an option says that is no reply but a verdict, as "Tie" or "Both bad" below two replies. */
function verdictIn({ value }: Option): RowVerdict | 'none' | null {
  if (value.trim().length < 3) return null;
  if (saysNothing(value)) return 'none';
  const verdict = verdictOf(value, { marks: ['a', 'b'], fields: ['', ''] });
  return verdict === 'tie' || verdict === 'both_bad' ? verdict : null;
}

/** The replies, and what the chosen one of the other options says. */
function repliesAmong(options: readonly Option[], ids: readonly (string | null)[]) {
  const replies = options.filter((option) => verdictIn(option) === null);
  if (replies.length !== 2) return { replies: options, said: null };
  const chosen = options.find((option) => ids.includes(option.id) && verdictIn(option) !== null);
  return { replies, said: chosen ? verdictIn(chosen) : null };
}

function choice(row: Row): ImportedItem[] {
  const options = optionsOf(row).map((option, index): Option => {
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
  const { replies, said } = repliesAmong(options, ids);
  const items = replies.flatMap((x, index) =>
    replies.slice(index + 1).flatMap((y): ImportedItem[] => {
      const [first, second] = [ids.includes(x.id), ids.includes(y.id)];
      // Of several options, the chosen one stands against each other one.
      if (ids.length > 0 && replies.length > 2 && !first && !second) return [];
      const chosen: RowVerdict | 'none' =
        said ?? (ids.length === 0 ? 'none' : first && second ? 'tie' : first ? 'first' : 'second');
      const verdict = chosen === 'none' ? null : chosen;
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

/** The two texts of a comparison: `A` and `B`, or `accept` and `reject`, of which an accepted answer prefers the first. */
function comparedFields({ value }: Row): readonly [string, string] | null {
  for (const fields of [
    ['A', 'B'],
    ['accept', 'reject'],
  ] as const)
    if (fields.every((field) => textOf(value[field]) !== null)) return fields;
  return null;
}

/** `mapping` says which of A and B stood for what an accepted answer prefers; without it that is A. */
function preferredOf(row: Row, [, second]: readonly [string, string]): RowVerdict | null {
  const answer = row.at('answer')?.value;
  if (answer !== 'accept' && answer !== 'reject') return null;
  const mapping = row.at('mapping')?.value;
  const isSwapped = isObject(mapping) && second === 'B' && mapping.B === 'accept' && mapping.A === 'reject';
  return (answer === 'accept') === isSwapped ? 'second' : 'first';
}

export const prodigyCompare: Shape = {
  name: 'prodigy-compare',
  matches: (row) =>
    comparedFields(row) !== null && (row.has('answer') || row.has('_task_hash') || isObject(row.value.A)),
  read: (row) => {
    const fields = comparedFields(row) as readonly [string, string];
    const [x, y] = fields.map((field) => ({ field, value: textOf(row.value[field]) as string })) as [
      Found & { value: string },
      Found & { value: string },
    ];
    const question = textOf(row.at('input')?.value) ?? textOf(row.find('prompt')?.value);
    if (question === null) throw new UnreadableRow('input', 'is missing: the question of the two texts');
    for (const [part, field] of [
      ['reply A', x.field],
      ['reply B', y.field],
      ['prompt', 'input'],
      ['verdict', 'answer'],
    ] as const)
      row.use(part, row.at(field)?.field ?? field);
    const verdict = preferredOf(row, fields);
    const inside = new Row({ prompt: question }, row.rules);
    const two = readTwoReplies(inside, readPrompt(inside), x, y);
    return [pairItem(row, two, fields, verdict ? [{ annotator: person(row), verdict }] : [])];
  },
};
