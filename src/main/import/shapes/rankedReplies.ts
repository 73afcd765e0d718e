/** One prompt with n replies, scored, ranked or neither: UltraFeedback, Nectar, distilabel, reward-model sets. */

import { messageKey } from '#core/preference.ts';
import { MOST_RANKED, pairsOf } from '#core/ranking.ts';
import type { ImportRules } from '#shared/importEntities.ts';
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
const SCORE_LISTS = ['scores', 'ratings', 'rewards', 'score', 'rating', 'reward', 'labels'];
const RANK_LISTS = ['ranks', 'rank', 'ranking', 'rankings'];
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

export const numberOf = (value: unknown): number | null => {
  const number = typeof value === 'boolean' || (isText(value) && value.trim() !== '') ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
};

type Numbers = readonly (number | null)[];
function beside(row: Row, names: readonly string[], length: number): Numbers | null {
  for (const name of names) {
    const found = row.at(name);
    if (!found || !Array.isArray(found.value) || found.value.length !== length) continue;
    const numbers = found.value.map(numberOf);
    const isOf = (value: unknown, index: number): boolean => value === null || numbers[index] !== null;
    if (numbers.every((number) => number === null) || !found.value.every(isOf)) continue;
    row.use('score', found.field);
    row.keep(found.field);
    return numbers;
  }
  return null;
}

/** `{"model-1": "A", "model-2": "B"}`: a reply each. */
function repliesByName(value: unknown): JsonObject[] | null {
  if (!isObject(value)) return null;
  const entries = Object.entries(value);
  if (entries.length < 2 || !entries.every(([, text]) => isText(text))) return null;
  return entries.map(([model, text]) => ({ model, text }));
}

/** The list of replies that a row holds. */
export function listField(row: Row): Found | null {
  const mapped = row.rules.map?.replies;
  for (const name of mapped ? [mapped] : LISTS) {
    const found = row.at(name);
    if (found && Array.isArray(found.value) && found.value.length >= 2) return found;
    const byName = found && repliesByName(found.value);
    if (found && byName) return { field: found.field, value: byName };
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

/** `ranking: [2, 0, 1]` may give the place of each reply, or the replies from best to worst. */
function askAboutOrder(row: Row, name: string): void {
  const found = row.at(name);
  if (!found || !Array.isArray(found.value)) return;
  const places = found.value.map(numberOf);
  const first = Math.min(...places.map((place) => place ?? 0));
  const isOrder = places.every((_, index) => places.includes(index + first));
  // Where both readings give the same, there is nothing to ask.
  const isSame = places.every((place, index) => (places[(place ?? 0) - first] ?? -1) - first === index);
  if (isOrder && !isSame)
    throw new UnreadableRow(
      found.field,
      'can be read two ways: the place of each reply, or the replies from best to worst; call it ranks (1 is best), or give scores',
    );
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

/** Scores of the replies in a list of their own, or their ranks, of which the lower is better. */
export function scoresBeside(row: Row, length: number): { scores: Numbers; ranks: Numbers } | null {
  const { scores: mappedScores, ranks: mappedRanks } = row.rules.map ?? {};
  const named = (mapped: string | undefined, names: readonly string[]): readonly string[] =>
    mapped === undefined ? names : mapped === '' ? [] : [mapped];
  const scores = beside(row, named(mappedScores, SCORE_LISTS), length);
  const ranks = beside(row, named(mappedRanks, RANK_LISTS), length);
  if (!mappedRanks && !scores && !row.has('ranks'))
    for (const name of ['ranking', 'rankings']) askAboutOrder(row, name);
  if (!scores && !ranks) return null;
  const ofRank = (place: number | null | undefined): number | null => (place == null ? null : -place);
  return {
    scores: Array.from({ length }, (_, index) => scores?.[index] ?? ofRank(ranks?.[index])),
    ranks: ranks && scores ? ranks : [],
  };
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

/** Scores and ranks that put two replies in opposite orders: which of them holds is for the person to say. */
function refuseTwoOrders(
  replies: readonly RankedReply[],
  { scores, ranks }: NonNullable<ImportRules['map']>,
): void {
  if (scores !== undefined || ranks !== undefined) return;
  const both = replies.filter(({ score, rank }) => score !== null && rank != null);
  for (const x of both) {
    const y = both.find((reply) => (x.score ?? 0) > (reply.score ?? 0) && (x.rank ?? 0) > (reply.rank ?? 0));
    if (y)
      throw new UnreadableRow(
        y.field,
        `is ranked above ${x.field} and scored below it; say which holds with --map scores=FIELD,ranks= or --map ranks=FIELD,scores=`,
      );
  }
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
    const replies = listedReplies(row, found);
    refuseTwoOrders(replies, row.rules.map ?? {});
    const isScored = replies.some(({ score }) => score !== null);
    const choice = isScored ? null : chosenReply(row, found.field, replies);
    if (isScored) refuseOtherChoice(row, found.field, replies);
    return some(readRanked(row, replies, choice ?? comparisons(row, replies)));
  },
};
