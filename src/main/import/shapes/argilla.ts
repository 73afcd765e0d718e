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
  isText,
  type JsonObject,
  type RowVerdict,
  UnreadableRow,
} from '../types.ts';
import { wholeAgain, withNames } from './argillaWhole.ts';
import { pairItem, type Shape } from './Shape.ts';
import { type NamedReply, namedReplies } from './twoReplies.ts';

/** The texts of a record, as a row of their own. */
const fieldsOf = (row: Row): Row => new Row(row.at('fields')?.value as JsonObject, row.rules);

export interface Answer {
  readonly user: string | null;
  readonly question: string;
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
        question: name,
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
      return [{ user: idText(entry.user_id ?? entry.user), question: name, value: entry.value, field }];
    }),
  );
}

const rankOf = (ranking: readonly JsonObject[], { field }: NamedReply): number | null => {
  const rank = ranking.find(({ value }) => value === field)?.rank;
  return typeof rank === 'number' ? rank : null;
};

/** A number is a choice only where its question asks for one; elsewhere it rates something. */
const ASKS_FOR_CHOICE = /choo?se|choice|best|better|prefer|winner|compar|verdict|label|pick|select|which/i;

/** Argilla 2 hands a ranking out as names from best to worst. Several labels are a list of names too, in no order. */
const ASKS_FOR_ORDER = /rank|order|sort|best|better|prefer|compar/i;
const isOrder = ({ value, question }: Answer, ...replies: readonly NamedReply[]): boolean =>
  Array.isArray(value) &&
  ASKS_FOR_ORDER.test(question) &&
  replies.every(({ field }) => value.includes(field));

export function verdictBetween(answer: Answer, x: NamedReply, y: NamedReply): RowVerdict | null {
  const isNumber = typeof answer.value === 'number' || (isText(answer.value) && /^\d+$/.test(answer.value));
  if (isNumber && !ASKS_FOR_CHOICE.test(answer.question)) return null;
  if (!Array.isArray(answer.value))
    return verdictOf(answer.value, { marks: [x.mark, y.mark], fields: [x.field, y.field] });
  const ranking = isOrder(answer, x, y)
    ? answer.value.map((value: unknown, index) => ({ value, rank: index + 1 }))
    : answer.value.filter(isObject);
  const [first, second] = [rankOf(ranking, x), rankOf(ranking, y)];
  if (first === null || second === null) return null;
  return first < second ? 'first' : first > second ? 'second' : 'tie';
}

type Between = ImportedVerdict & { readonly isRated: boolean };

/** What each person said of two replies; of who chose nothing, what they rated higher (`rating-1` beside `rating-2`). */
export function verdictsBetween(answers: readonly Answer[], x: NamedReply, y: NamedReply): Between[] {
  const chosen = answers.flatMap((answer): Between[] => {
    const verdict = verdictBetween(answer, x, y);
    return verdict ? [{ annotator: answer.user, verdict, isRated: false }] : [];
  });
  const ratingOf = (user: string | null, { mark, field }: NamedReply): readonly [string, number] | null => {
    for (const { user: by, question, value } of answers) {
      const about = [`-${mark}`, `_${mark}`, `-${field}`, `_${field}`].find((end) => question.endsWith(end));
      if (by === user && typeof value === 'number' && about) return [question.slice(0, -about.length), value];
    }
    return null;
  };
  const rated = [...new Set(answers.map(({ user }) => user))].flatMap((annotator): Between[] => {
    if (chosen.some((one) => one.annotator === annotator)) return [];
    const [first, second] = [ratingOf(annotator, x), ratingOf(annotator, y)];
    if (!first || !second || first[0] !== second[0]) return [];
    const verdict = first[1] > second[1] ? 'first' : first[1] < second[1] ? 'second' : 'tie';
    return [{ annotator, verdict, isRated: true }];
  });
  return [...chosen, ...rated];
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
      const verdicts = verdictsBetween(answers, x, y);
      stated += verdicts.filter(({ isRated }) => !isRated).length;
      const fields = [`fields.${x.field}`, `fields.${y.field}`] as const;
      return pairItem(
        row,
        readTwoReplies(texts, prompt, x, y),
        fields,
        verdicts.map(({ isRated: _, ...verdict }) => verdict),
      );
    }),
  );
  // Ratings of other things stay beside the pair.
  if (stated < answers.length || holdsUnsent(row.at('responses')?.value)) {
    row.keep('responses');
    return items.map((item) => ({ ...item, metadata: row.rest() }));
  }
  return items;
}

/** Fields may also be called chosen and rejected, which nobody has confirmed until somebody answers. */
function repliesOf(texts: Row): NamedReply[] {
  const named = namedReplies(texts);
  if (named.length >= 2) return named;
  return (['chosen', 'rejected'] as const).flatMap((mark) => {
    const found = texts.at(mark);
    return found ? [{ ...found, mark }] : [];
  });
}

export const argilla: Shape = {
  name: 'argilla',
  matches: (row) => isObject(row.at('fields')?.value) && repliesOf(fieldsOf(row)).length >= 2,
  read: (given) => {
    const row = withNames(given);
    const texts = fieldsOf(row);
    const items = readPairs(row, texts, repliesOf(texts), answersOf(row.at('responses')?.value));
    for (const { part, field } of row.readings) given.use(part, field);
    const [only, another] = items;
    return only && !another ? [wholeAgain(row, only)] : items;
  },
};
