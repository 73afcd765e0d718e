/** Rows of one reply with its score, as many to a prompt as it has replies: HelpSteer 1 and 2, ratings of reward models. Pure. */
import { messageKey } from '#core/preference.ts';
import type { ImportRules } from '#shared/importEntities.ts';
import { Row } from './Row.ts';
import { readPrompt } from './read/prompt.ts';
import { readRow } from './readRow.ts';
import { numberOf } from './shapes/rankedReplies.ts';
import { replyOf } from './shapes/singles.ts';
import { type ImportedItem, isObject, type JsonObject, type RowOutcome, UnreadableRow } from './types.ts';

/** What a rating as a whole is called; others (correctness, verbosity …) say something of a reply, not which is better. */
const SCORES = ['overall_score', 'overall', 'score', 'rating', 'reward', 'helpfulness', 'quality'];
/** Replies to one prompt beyond these would give pairs without end. */
const MOST_REPLIES = 256;
const LIST = 'responses';

export interface ScoredReply {
  readonly value: JsonObject;
  /** Equal for rows whose replies answer the same. */
  readonly prompt: string;
  readonly reply: string;
  readonly score: string;
}

/** A row that no shape reads: what it is as one of several replies to its prompt, or null. */
export function scoredReply(value: unknown, rules: ImportRules): ScoredReply | null {
  if (!isObject(value)) return null;
  const row = new Row(value, rules);
  const reply = replyOf(row);
  const mapped = rules.map?.scores;
  const score = (mapped ? [mapped] : SCORES)
    .map((name) => row.at(name))
    .find((found) => found !== null && numberOf(found.value) !== null);
  if (!reply || !score) return null;
  try {
    const prompt = readPrompt(row);
    if (!prompt) return null;
    const key = JSON.stringify(prompt.messages.map(messageKey));
    return { value, prompt: key, reply: reply.field, score: score.field };
  } catch (error) {
    if (error instanceof UnreadableRow) return null;
    throw error;
  }
}

export const answersTheSame = (one: ScoredReply, other: ScoredReply): boolean =>
  one.prompt === other.prompt && one.reply === other.reply && one.score === other.score;

/** The group as one row: what all share as it stands, and each reply with what is its own. */
function asOneRow(group: readonly ScoredReply[]): JsonObject {
  const [first] = group as readonly [ScoredReply];
  const text = (value: unknown): string => String(JSON.stringify(value));
  // Numbers say something of a reply, be they the same by chance.
  const numbers = Object.keys(first.value).filter((field) => numberOf(first.value[field]) !== null);
  const own = new Set([first.reply, first.score, ...numbers]);
  for (const { value } of group)
    for (const field of Object.keys({ ...first.value, ...value }))
      if (text(value[field]) !== text(first.value[field])) own.add(field);
  const shared = Object.entries(first.value).filter(([field]) => !own.has(field));
  const replies = group.map(({ value, reply, score }) => {
    const rest = Object.entries(value).filter(([field]) => own.has(field) && field !== reply);
    return { ...Object.fromEntries(rest), response: value[reply], score: numberOf(value[score]) };
  });
  return { ...Object.fromEntries(shared), [LIST]: replies };
}

/** `{responses: [{a: 1}, {a: 2}]}` as `{a: [1, 2]}`, for the two replies of a pair. */
function byColumn(item: ImportedItem, { score }: ScoredReply): ImportedItem {
  const { [LIST]: entries, ...shared } = item.metadata ?? {};
  const two = Array.isArray(entries) ? entries.map((entry: unknown) => (isObject(entry) ? entry : {})) : [];
  const columns = [...new Set(two.flatMap((entry) => Object.keys(entry)))].filter(
    (field) => field !== 'score' || field === score,
  );
  const own = columns.map((field) => [field, two.map((entry) => entry[field] ?? null)]);
  return { ...item, metadata: { ...shared, ...Object.fromEntries(own) } };
}

const refused = (field: string | null, reason: string): RowOutcome => ({
  ok: false,
  problem: { field, reason },
});

/** Pairs of the replies to one prompt, by the same rules as where one row holds them all. */
export function readScoredReplies(group: readonly ScoredReply[], rules: ImportRules): RowOutcome {
  const [first] = group as readonly [ScoredReply];
  if (group.length === 1)
    return refused(
      first.reply,
      `is one reply with its score (${first.score}), and no row beside it has another reply to its prompt; a pair needs two: put the rows of a prompt together`,
    );
  if (group.length > MOST_REPLIES)
    return refused(
      first.reply,
      `is one of ${group.length} replies to the same prompt, and at most ${MOST_REPLIES} are compared`,
    );
  const { scores: _, replyA: __, ...map } = rules.map ?? {};
  const outcome = readRow(asOneRow(group), { ...rules, map: { ...map, replies: LIST } });
  if (!outcome.ok) {
    const { field, reason } = outcome.problem;
    return refused(field?.startsWith(LIST) ? first.reply : field, reason);
  }
  const readings = outcome.readings.map((reading) =>
    reading.field === LIST ? { ...reading, field: first.reply } : reading,
  );
  return {
    ...outcome,
    items: outcome.items.map((item) => byColumn(item, first)),
    readings: [...readings, { part: 'score', field: first.score }],
  };
}
