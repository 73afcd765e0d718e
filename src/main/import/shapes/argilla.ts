/** Argilla 1 and 2: `fields` with the texts, `responses` with what each person said. */

import { Row } from '../Row.ts';
import { readPromptOrText } from '../read/prompt.ts';
import { readTwoReplies } from '../read/replies.ts';
import { verdictOf } from '../read/verdictWords.ts';
import {
  type ImportedItem,
  type ImportedVerdict,
  idText,
  isObject,
  type JsonObject,
  type RowVerdict,
  UnreadableRow,
} from '../types.ts';
import { pairItem, type Shape } from './Shape.ts';
import { type NamedReply, namedReplies } from './twoReplies.ts';

/** The texts of a record, as a row of their own. */
const fieldsOf = (row: Row): Row => new Row(row.at('fields')?.value as JsonObject, row.rules);

export interface Answer {
  readonly user: string | null;
  readonly value: unknown;
  readonly field: string;
}

/** Every answer of every question; discarded and drafted ones say nothing. */
function answersOf(responses: unknown): Answer[] {
  if (Array.isArray(responses)) {
    // Argilla 1's records: one entry a person, with values by question.
    return (responses as unknown[]).flatMap((entry, index) => {
      if (!isObject(entry) || !isObject(entry.values) || (entry.status ?? 'submitted') !== 'submitted')
        return [];
      return Object.entries(entry.values).map(([name, value]) => ({
        user: idText(entry.user_id),
        value: isObject(value) ? value.value : value,
        field: `responses[${index}].values.${name}`,
      }));
    });
  }
  if (!isObject(responses)) return [];
  return Object.entries(responses).flatMap(([name, given]) =>
    (Array.isArray(given) ? (given as unknown[]) : [given]).flatMap((entry, index): Answer[] => {
      if (!isObject(entry) || (entry.status ?? 'submitted') !== 'submitted') return [];
      const field = `responses.${name}[${index}]`;
      return [{ user: idText(entry.user_id ?? entry.user), value: entry.value, field }];
    }),
  );
}

const rankOf = (ranking: readonly JsonObject[], { field }: NamedReply): number | null => {
  const rank = ranking.find(({ value }) => value === field)?.rank;
  return typeof rank === 'number' ? rank : null;
};

export function verdictBetween(answer: Answer, x: NamedReply, y: NamedReply): RowVerdict | null {
  if (!Array.isArray(answer.value))
    return verdictOf(answer.value, { marks: [x.mark, y.mark], fields: [x.field, y.field] });
  const ranking = answer.value.filter(isObject);
  const [first, second] = [rankOf(ranking, x), rankOf(ranking, y)];
  if (first === null || second === null) return null;
  return first < second ? 'first' : first > second ? 'second' : 'tie';
}

/** Discarded and drafted answers. */
const holdsUnsent = (responses: unknown): boolean =>
  JSON.stringify(responses ?? null).match(/"status":"(discarded|draft|pending)"/) !== null;

function readPairs(
  row: Row,
  texts: Row,
  replies: readonly NamedReply[],
  answers: readonly Answer[],
): ImportedItem[] {
  const prompt = readPromptOrText(texts);
  if (!prompt) throw new UnreadableRow('fields.prompt', 'is missing');
  row.use('prompt', 'fields');
  row.use('replies', 'fields');
  if (answers.length > 0) row.use('verdict', 'responses');
  const rest = texts.rest();
  if (rest && Object.keys(rest).some((name) => !replies.some(({ field }) => field === name)))
    row.keep('fields');
  let stated = 0;
  const items = replies.flatMap((x, index) =>
    replies.slice(index + 1).map((y) => {
      const verdicts = answers.flatMap((answer): ImportedVerdict[] => {
        const verdict = verdictBetween(answer, x, y);
        return verdict ? [{ annotator: answer.user, verdict }] : [];
      });
      stated += verdicts.length;
      const fields = [`fields.${x.field}`, `fields.${y.field}`] as const;
      return pairItem(row, readTwoReplies(texts, prompt, x, y), fields, verdicts);
    }),
  );
  // Ratings of other things stay beside the pair.
  if (stated < answers.length || holdsUnsent(row.at('responses')?.value)) {
    row.keep('responses');
    return items.map((item) => ({ ...item, metadata: row.rest() }));
  }
  return items;
}

export const argilla: Shape = {
  name: 'argilla',
  matches: (row) => isObject(row.at('fields')?.value) && namedReplies(fieldsOf(row)).length >= 2,
  read: (row) => {
    const texts = fieldsOf(row);
    return readPairs(row, texts, namedReplies(texts), answersOf(row.at('responses')?.value));
  },
};
