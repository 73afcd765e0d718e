/** One prompt with n replies, scored, ranked or neither: UltraFeedback, Nectar, distilabel, reward-model sets. */

import { messageKey } from '#core/preference.ts';
import { MOST_RANKED, pairsOf } from '#core/ranking.ts';
import { contentHash } from '../../data/hashes.ts';
import type { Found, Row } from '../Row.ts';
import { annotatorOf } from '../read/people.ts';
import { readPrompt } from '../read/prompt.ts';
import { readTwoReplies } from '../read/replies.ts';
import {
  type ImportedItem,
  type ImportedPair,
  isObject,
  isText,
  type JsonObject,
  type RowVerdict,
  UnreadableRow,
} from '../types.ts';
import { chosenReply, refuseOtherChoice } from './chosenReply.ts';
import { inOrder, numberOf, refuseTwoOrders, SCORE_LISTS, scoresBeside } from './figuresOfMany.ts';
import { pairItem, type Shape } from './Shape.ts';
import { promptBeside } from './twoReplies.ts';

const LISTS = [
  'completions',
  'responses',
  'generations',
  'answers',
  'candidates',
  'outputs',
  'replies',
  'samples',
  'predictions',
  'summaries',
  'output',
];
const TEXTS = ['response', 'answer', 'text', 'content', 'completion', 'output', 'generation', 'value'];
const SCORES = ['overall_score', 'score', 'pm_score', 'rating', 'reward', 'fine-grained_score'];
const RANKS = ['rank', 'ranking'];

export interface RankedReply extends Found {
  /** The higher the better; null where nothing is said. */
  readonly score: number | null;
  /** Where it is given beside a score; 1 is the best. */
  readonly rank?: number | null;
  /** What the row calls it, where it is a column of its own. */
  readonly mark?: string;
  /** What its entry holds beside the text. */
  readonly rest?: JsonObject | null;
}

/** `{"model-1": "A", "model-2": "B"}`: a reply each. */
function repliesByName(row: Row, value: unknown): JsonObject[] | null {
  if (!isObject(value)) return null;
  const entries = Object.entries(value);
  if (entries.length < 2 || !entries.every(([, text]) => isText(text))) return null;
  const scores = SCORE_LISTS.map((name) => row.at(name)).find((found) => found && isObject(found.value));
  return entries.map(([model, text]) => {
    const score = isObject(scores?.value) ? numberOf(scores.value[model]) : null;
    return { model, text, ...(score !== null && { score }) };
  });
}

/** The list of replies that a row holds. */
export function listField(row: Row): Found | null {
  const mapped = row.rules.map?.replies;
  for (const name of mapped ? [mapped] : LISTS) {
    const found = row.at(name);
    if (found && Array.isArray(found.value) && found.value.length >= 2) return found;
    const byName = found && repliesByName(row, found.value);
    if (found && byName) return { field: found.field, value: byName };
  }
  // A list of texts under the name of one reply.
  for (const name of ['response', 'completion', 'answer', 'generation']) {
    const found = row.at(name);
    if (found && Array.isArray(found.value) && found.value.length >= 2 && found.value.every(isText))
      return found;
  }
  return null;
}

function inside(value: unknown, names: readonly string[]): unknown {
  if (!isObject(value)) return undefined;
  return names.map((name) => value[name]).find((found) => found !== undefined && found !== null);
}

function restOf(item: unknown, text: unknown): JsonObject | null {
  if (!isObject(item)) return null;
  const rest = Object.entries(item).filter(([, value]) => value !== text && value !== null);
  return rest.length > 0 ? Object.fromEntries(rest) : null;
}

/** TRL's stepwise supervision: `completions` are the steps of one reply, `labels` whether each is right. */
function refuseSteps(row: Row, { field, value }: Found): void {
  const labels = row.rules.map?.scores === undefined ? row.at('labels') : null;
  const count = Array.isArray(value) ? value.length : 0;
  if (!labels || !Array.isArray(labels.value) || labels.value.length !== count) return;
  if (!labels.value.every((label) => typeof label === 'boolean')) return;
  throw new UnreadableRow(
    field,
    'holds the steps of one reply, each with whether it is right, not replies to choose from; map scores=labels where they are replies',
  );
}

function listedReplies(row: Row, { field, value }: Found): RankedReply[] {
  const list = value as unknown[];
  refuseSteps(row, { field, value });
  const outer = scoresBeside(row, list.length);
  return list.flatMap((item, index): RankedReply[] => {
    // A model that gave no answer.
    if (item === null) return [];
    const text = isText(item) || Array.isArray(item) ? item : inside(item, TEXTS);
    if (text === undefined) throw new UnreadableRow(`${field}[${index}]`, 'holds no text of a reply');
    const own = numberOf(inside(item, SCORES));
    const rank = numberOf(inside(item, RANKS));
    return [
      {
        field: `${field}[${index}]`,
        value: text,
        score: own ?? (rank === null ? (outer?.scores[index] ?? null) : -rank),
        rank: own === null ? (outer?.ranks[index] ?? null) : rank,
        rest: restOf(item, text),
      },
    ];
  });
}

export type Comparison = readonly [RankedReply, RankedReply, RowVerdict | null];

function compare(x: RankedReply, y: RankedReply): RowVerdict | null {
  if (x.score === null || y.score === null) return null;
  return x.score > y.score ? 'first' : x.score < y.score ? 'second' : 'tie';
}

const byScore = (x: RankedReply, y: RankedReply): number =>
  x.score === null || y.score === null
    ? Number(x.score === null) - Number(y.score === null)
    : y.score - x.score;

/** The pairs that the chosen rule makes. Replies that nobody scored are all compared, for people to decide. */
export function comparisons(row: Row, replies: readonly RankedReply[]): Comparison[] {
  const { pairing = 'best', margin = 0 } = row.rules;
  const scored = replies.some(({ score }) => score !== null);
  const sorted = scored ? replies.toSorted(byScore) : replies;
  const pairs: Comparison[] = [];
  for (let i = 0; i < sorted.length; i++) {
    for (let j = i + 1; j < sorted.length; j++) {
      if (pairing === 'adjacent' && j !== i + 1) continue;
      if (pairing === 'best' && scored && i !== 0) continue;
      const [x, y] = [sorted[i] as RankedReply, sorted[j] as RankedReply];
      if (x.score !== null && y.score !== null && Math.abs(x.score - y.score) < margin) continue;
      pairs.push([x, y, compare(x, y)]);
    }
  }
  return pairs;
}

export function readRanked(
  row: Row,
  replies: readonly RankedReply[],
  comparing: readonly Comparison[],
): ImportedItem[] {
  for (const { field } of replies) row.use('replies', field.replace(/\[\d+\]$/, ''));
  const prompt = promptBeside(
    row,
    replies.map((reply) => ({ ...reply, mark: '' })),
  );
  const annotator = annotatorOf(row);
  const items = comparing.flatMap(([x, y, verdict]): ImportedPair[] => {
    // Two models may have written the same: nothing to compare.
    if (x.value === y.value) return [];
    const two = readTwoReplies(row, prompt, x, y);
    const item = pairItem(row, two, [x.field, y.field], verdict ? [{ annotator, verdict }] : []);
    return [{ ...item, metadata: withRest(item.metadata, x, y) }];
  });
  return asSet(items);
}

/** Three replies and more of which every two are a pair are ranked together. */
function asSet(items: readonly ImportedPair[]): ImportedPair[] {
  const keys = items.map(({ replies, turns }) =>
    replies.map((text, place) => JSON.stringify(turns?.[place] ?? text)),
  );
  const replies = [...new Set(keys.flat())].sort();
  const pairs = new Set(keys.map((two) => two.toSorted().join()));
  const [first] = items;
  if (!first || replies.length < 3 || replies.length > MOST_RANKED || pairs.size !== pairsOf(replies.length))
    return [...items];
  const { messages, aspect, itemId } = first;
  const hash = contentHash([messages.map(messageKey), replies, aspect, itemId]);
  return items.map((item) => ({ ...item, sets: [{ hash, pairs: pairs.size }] }));
}

/** What the entries of both replies say beside their text: model, critique, ratings. */
function withRest(metadata: JsonObject | null, x: RankedReply, y: RankedReply): JsonObject | null {
  if (!x.rest && !y.rest) return metadata;
  return { ...metadata, [x.field.replace(/\[\d+\]$/, '')]: [x.rest, y.rest] };
}

export function some(items: ImportedItem[]): ImportedItem[] {
  if (items.length > 0) return items;
  throw new UnreadableRow(null, 'gives no pair: its replies are the same, or closer than the margin');
}

/** Two outputs of which the first is preferred: LLaMA-Factory's old form. */
function oldOutputs(row: Row, { field, value }: Found): ImportedItem[] {
  const [x, y] = (value as unknown[]).map((text, index) => ({
    field: `${field}[${index}]`,
    value: text,
  })) as [Found, Found];
  row.use('chosen', field);
  const two = readTwoReplies(row, readPrompt(row), x, y);
  return [pairItem(row, two, [x.field, y.field], [{ annotator: annotatorOf(row), verdict: 'first' }])];
}

export const rankedReplies: Shape = {
  name: 'replies-to-rank',
  matches: (row) => listField(row) !== null,
  read: (row) => {
    const found = listField(row);
    if (!found)
      throw new UnreadableRow(row.rules.map?.replies ?? 'replies', 'is not a list of two replies or more');
    if (found.field === 'output' && (found.value as unknown[]).length === 2) return oldOutputs(row, found);
    const replies = inOrder(row, listedReplies(row, found));
    refuseTwoOrders(replies, row.rules.map ?? {});
    const isScored = replies.some(({ score }) => score !== null);
    const choice = isScored ? null : chosenReply(row, found.field, replies);
    if (isScored) refuseOtherChoice(row, found.field, replies);
    return some(readRanked(row, replies, choice ?? comparisons(row, replies)));
  },
};
