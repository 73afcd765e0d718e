/** Rows of one reply with its score, as many to a prompt as it has replies: HelpSteer 1 and 2, ratings of reward models. Pure. */
import { messageKey } from '#core/preference.ts';
import type { ImportRules } from '#shared/importEntities.ts';
import { Row } from './Row.ts';
import type { RowRead } from './RowReading.ts';
import { annotatorOf } from './read/people.ts';
import { readPrompt } from './read/prompt.ts';
import { readRow } from './readRow.ts';
import { numberOf } from './shapes/figuresOfMany.ts';
import { replyOf } from './shapes/singles.ts';
import { type ImportedItem, isObject, type JsonObject, type RowOutcome, UnreadableRow } from './types.ts';

/** What a rating as a whole is called; others (correctness, verbosity …) say something of a reply, not which is better. */
const SCORES = ['overall_score', 'overall', 'score', 'rating', 'reward', 'helpfulness', 'quality'];
/** Replies to one prompt beyond these would give pairs without end. */
export const MOST_REPLIES = 256;
const LIST = 'responses';

export interface ScoredReply {
  readonly value: JsonObject;
  /** Equal for rows whose replies are compared: of one prompt, by one person, on one aspect. */
  readonly key: string;
  readonly reply: string;
  readonly score: string;
}
export interface PlacedReply extends ScoredReply {
  readonly row: number;
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
    const beside = [reply.field, score.field, annotatorOf(row), row.find('aspect')?.value ?? null];
    const key = JSON.stringify([prompt.messages.map(messageKey), ...beside]);
    return { value, key, reply: reply.field, score: score.field };
  } catch (error) {
    if (error instanceof UnreadableRow) return null;
    throw error;
  }
}

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

/** A reply that has no other beside it, good or bad by the score that a person gave as the least good one. */
function readLone({ value, reply, score }: ScoredReply, rules: ImportRules): RowOutcome {
  const said = value[score];
  const cut = typeof said === 'boolean' ? 1 : rules.goodFrom;
  const given = numberOf(said);
  if (cut === undefined || given === null)
    return refused(
      reply,
      `is one reply with its score (${score}), and no other row has another reply to its prompt; to bring it in as a single reply, say from which score on a reply is good: --good-from SCORE`,
    );
  const outcome = readRow(value, {
    ...rules,
    map: { ...rules.map, replyA: reply, verdict: score },
    verdicts: { [String(said)]: given >= cut ? 'first' : 'second' },
  });
  if (!outcome.ok) return outcome;
  const items = outcome.items.map((item) => ({ ...item, metadata: { ...item.metadata, [score]: said } }));
  return { ...outcome, items };
}

/** Replies as often as they stand in the file: the first of each, and those that say the same again. */
function distinct(group: readonly PlacedReply[]): { firsts: PlacedReply[]; again: PlacedReply[] } {
  const known = new Map<string, PlacedReply>();
  const again: PlacedReply[] = [];
  for (const one of group) {
    const text = String(JSON.stringify(one.value[one.reply]));
    const before = known.get(text);
    if (!before) known.set(text, one);
    else if (numberOf(before.value[before.score]) === numberOf(one.value[one.score])) again.push(one);
    else
      throw new UnreadableRow(
        one.score,
        `is ${one.value[one.score]} for the reply that row ${before.row} gives ${before.value[before.score]}; if several people rated it, say who with a column of annotators`,
      );
  }
  return { firsts: [...known.values()], again };
}

/**
 * Rows of one prompt: pairs of their replies, by the same rules as where one row holds them all; of a lone reply a single.
 * `count` of them stand in the file.
 */
export function readScoredReplies(
  group: readonly PlacedReply[],
  count: number,
  rules: ImportRules,
): RowRead[] {
  const [{ row, reply }] = group as readonly [PlacedReply];
  if (count > MOST_REPLIES) {
    const reason = `is one of ${count} replies to the same prompt, and at most ${MOST_REPLIES} are compared`;
    return [{ row, count, outcome: refused(reply, reason) }];
  }
  try {
    const { firsts, again } = distinct(group);
    const [lone, another] = firsts as [PlacedReply, PlacedReply | undefined];
    const outcome = another ? readTogether(firsts, rules) : readLone(lone, rules);
    const read = { row, count: firsts.length, outcome };
    return again[0] ? [read, { row: again[0].row, count: again.length, outcome }] : [read];
  } catch (error) {
    if (!(error instanceof UnreadableRow)) throw error;
    return [{ row, count, outcome: { ok: false, problem: error.problem } }];
  }
}

function readTogether(group: readonly ScoredReply[], rules: ImportRules): RowOutcome {
  const [first] = group as readonly [ScoredReply];
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
