/** One prompt with n replies, scored, ranked or neither: UltraFeedback, Nectar, distilabel, reward-model sets. */

import type { Found, Row } from '../Row.ts';
import { readPrompt } from '../read/prompt.ts';
import { readTwoReplies } from '../read/replies.ts';
import { annotatorOf } from '../read/verdicts.ts';
import { type ImportedItem, isObject, isText, type RowVerdict, UnreadableRow } from '../types.ts';
import { pairItem, type Shape } from './Shape.ts';
import { type NamedReply, namedReplies, promptBeside } from './twoReplies.ts';

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
  'output',
];
const TEXTS = ['response', 'answer', 'text', 'content', 'completion', 'output', 'generation', 'value'];
const SCORES = ['overall_score', 'score', 'rating', 'reward', 'fine-grained_score'];
const RANKS = ['rank', 'ranking'];

interface RankedReply extends Found {
  /** The higher the better; null where nothing is said. */
  readonly score: number | null;
}

const numberOf = (value: unknown): number | null => {
  const number = isText(value) && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
};

function beside(row: Row, names: readonly string[], length: number): number[] | null {
  for (const name of names) {
    const found = row.at(name);
    if (!found || !Array.isArray(found.value) || found.value.length !== length) continue;
    const numbers = found.value.map(numberOf);
    if (numbers.some((number) => number === null)) continue;
    row.use('score', found.field);
    return numbers as number[];
  }
  return null;
}

function listField(row: Row): Found | null {
  for (const name of LISTS) {
    const found = row.at(name);
    if (found && Array.isArray(found.value) && found.value.length >= 2) return found;
  }
  return null;
}

function inside(value: unknown, names: readonly string[]): unknown {
  if (!isObject(value)) return undefined;
  return names.map((name) => value[name]).find((found) => found !== undefined && found !== null);
}

function listedReplies(row: Row, { field, value }: Found): RankedReply[] {
  const list = value as unknown[];
  const scores = beside(row, ['scores', 'ratings', 'rewards', 'score', 'rating'], list.length);
  const ranks = beside(row, ['ranks', 'ranking', 'rankings', 'rank'], list.length);
  return list.map((item, index) => {
    const text = isText(item) || Array.isArray(item) ? item : inside(item, TEXTS);
    if (text === undefined) throw new UnreadableRow(`${field}[${index}]`, 'holds no text of a reply');
    const own = numberOf(inside(item, SCORES));
    const rank = numberOf(inside(item, RANKS));
    const outer = scores?.[index] ?? (ranks ? -(ranks[index] as number) : null);
    return { field: `${field}[${index}]`, value: text, score: own ?? (rank === null ? outer : -rank) };
  });
}

type Comparison = readonly [RankedReply, RankedReply, RowVerdict | null];

function compare(x: RankedReply, y: RankedReply): RowVerdict | null {
  if (x.score === null || y.score === null) return null;
  return x.score > y.score ? 'first' : x.score < y.score ? 'second' : 'tie';
}

/** The pairs that the chosen rule makes. Replies that nobody scored are all compared. */
function comparisons(row: Row, replies: readonly RankedReply[]): Comparison[] {
  const { pairing = 'best', margin = 0 } = row.rules;
  const scored = replies.every(({ score }) => score !== null);
  const sorted = scored
    ? [...replies].sort((x, y) => (y.score as number) - (x.score as number))
    : [...replies];
  const pairs: Comparison[] = [];
  for (let i = 0; i < sorted.length; i++) {
    for (let j = i + 1; j < sorted.length; j++) {
      if (pairing === 'adjacent' && j !== i + 1) continue;
      if (pairing === 'best' && scored && i !== 0) continue;
      const [x, y] = [sorted[i] as RankedReply, sorted[j] as RankedReply];
      if (scored && Math.abs((x.score as number) - (y.score as number)) < margin) continue;
      pairs.push([x, y, compare(x, y)]);
    }
  }
  return pairs;
}

function readRanked(
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
  return comparing.flatMap(([x, y, verdict]) => {
    // Two models may have written the same: nothing to compare.
    if (x.value === y.value) return [];
    const two = readTwoReplies(row, prompt, x, y);
    return [pairItem(row, two, [x.field, y.field], verdict ? [{ annotator, verdict }] : [])];
  });
}

function some(items: ImportedItem[]): ImportedItem[] {
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
    const found = listField(row) as Found;
    if (found.field === 'output' && (found.value as unknown[]).length === 2) return oldOutputs(row, found);
    const replies = listedReplies(row, found);
    return some(readRanked(row, replies, comparisons(row, replies)));
  },
};

/** FineGrained: the six comparisons of four predictions, in the order of their pairs; 0 is a tie. */
function listedVerdicts(row: Row, replies: readonly NamedReply[]): Comparison[] | null {
  const found = row.at('preference');
  const count = (replies.length * (replies.length - 1)) / 2;
  if (!found || !Array.isArray(found.value) || found.value.length !== count) return null;
  const verdicts = (found.value as unknown[]).map(
    (value) => (['tie', 'first', 'second'] as const)[value as number],
  );
  row.use('verdict', found.field);
  const ranked = replies.map((reply) => ({ ...reply, score: null }));
  let next = 0;
  return ranked.flatMap((x, i) =>
    ranked.slice(i + 1).map((y): Comparison => {
      const verdict = verdicts[next];
      if (!verdict) throw new UnreadableRow(`${found.field}[${next}]`, 'is not 0, 1 or 2');
      next += 1;
      return [x, y, verdict];
    }),
  );
}

/** `response_1` … `response_4`. */
export const manyNamed: Shape = {
  name: 'replies-to-rank',
  matches: (row) => namedReplies(row).length > 2,
  read: (row) => {
    const replies = namedReplies(row);
    const scored = replies.map((reply) => ({
      ...reply,
      score: numberOf(
        (row.at(`${reply.field}_score`) ?? row.at(`score_${reply.mark}`) ?? row.at(`rating_${reply.mark}`))
          ?.value,
      ),
    }));
    return some(readRanked(row, scored, listedVerdicts(row, replies) ?? comparisons(row, scored)));
  },
};
