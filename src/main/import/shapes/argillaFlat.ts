/** Argilla's records as a flat table: Argilla 1 lists answers by question, Argilla 2 writes `question.responses` columns. */
import type { Row } from '../Row.ts';
import { readPromptOrText } from '../read/prompt.ts';
import { readTwoReplies } from '../read/replies.ts';
import { type ImportedItem, idText, isObject, UnreadableRow } from '../types.ts';
import { type Answer, verdictBetween, verdictsBetween } from './argilla.ts';
import { pairItem, type Shape } from './Shape.ts';
import { namedReplies } from './twoReplies.ts';

/** `{user_id: […], value: […], status: […]}`: the answers as columns, as `datasets` writes lists of structs. */
function rowsOfColumns(value: unknown): unknown {
  if (!isObject(value) || !Array.isArray(value.value) || !Array.isArray(value.user_id)) return value;
  const at = (name: string, index: number): unknown => (value[name] as unknown[] | undefined)?.[index];
  return (value.value as unknown[]).map((given, index) => ({
    value: given,
    user_id: at('user_id', index),
    status: at('status', index) ?? 'submitted',
  }));
}

const isAnswer = (value: unknown): boolean =>
  isObject(value) && 'value' in value && ('user_id' in value || 'status' in value);

/** `{rank: […], value: […]}` as the entries that Argilla's records have. */
function rankingOf(value: unknown): unknown {
  if (!isObject(value) || !Array.isArray(value.rank) || !Array.isArray(value.value)) return value;
  const ranks = value.rank as unknown[];
  return (value.value as unknown[]).map((name, index) => ({ value: name, rank: ranks[index] }));
}

interface Question {
  readonly field: string;
  readonly answers: readonly Answer[];
}

function listed(row: Row): Question[] {
  return Object.entries(row.value).flatMap(([field, held]): Question[] => {
    const value = rowsOfColumns(held);
    if (!Array.isArray(value) || value.length === 0 || !value.every(isAnswer)) return [];
    const answers = (value as Record<string, unknown>[]).flatMap((entry, index): Answer[] =>
      (entry.status ?? 'submitted') === 'submitted'
        ? [
            {
              user: idText(entry.user_id),
              question: field,
              value: rankingOf(entry.value),
              field: `${field}[${index}]`,
            },
          ]
        : [],
    );
    return [{ field, answers }];
  });
}

function columns(row: Row): Question[] {
  return Object.entries(row.value).flatMap(([field, value]): Question[] => {
    if (!field.endsWith('.responses') || !Array.isArray(value)) return [];
    const [users, statuses] = ['users', 'status'].map((name) => row.value[`${field}.${name}`]);
    const at = (list: unknown, index: number): unknown =>
      Array.isArray(list) ? (list as unknown[])[index] : null;
    const answers = (value as unknown[]).flatMap((given, index): Answer[] =>
      (at(statuses, index) ?? 'submitted') === 'submitted'
        ? [
            {
              user: idText(at(users, index)),
              question: field.replace(/\.responses$/, ''),
              value: rankingOf(given),
              field: `${field}[${index}]`,
            },
          ]
        : [],
    );
    return [{ field, answers }];
  });
}

const questionsOf = (row: Row): Question[] => [...listed(row), ...columns(row)];

function read(row: Row): ImportedItem[] {
  const replies = namedReplies(row);
  const questions = questionsOf(row);
  for (const { field } of replies) row.use('replies', field);
  const prompt = readPromptOrText(row);
  if (!prompt) throw new UnreadableRow('prompt', 'is missing');
  // Discarded and drafted answers, and answers to other questions, stay with the pair.
  for (const { field } of questions) row.keep(field);
  return replies.flatMap((x, index) =>
    replies.slice(index + 1).map((y) => {
      for (const { field, answers } of questions)
        if (answers.some((answer) => verdictBetween(answer, x, y))) row.use('verdict', field);
      const answers = questions.flatMap((question) => question.answers);
      const verdicts = verdictsBetween(answers, x, y).map(({ isRated: _, ...verdict }) => verdict);
      return pairItem(row, readTwoReplies(row, prompt, x, y), [x.field, y.field], verdicts);
    }),
  );
}

export const argillaFlat: Shape = {
  name: 'argilla',
  matches: (row) => namedReplies(row).length >= 2 && questionsOf(row).length > 0,
  read,
};
