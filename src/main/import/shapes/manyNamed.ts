/** One prompt with more than two replies in columns of their own, `response_1` … `response_4`, FineGrained among them. */
import type { Row } from '../Row.ts';
import { UnreadableRow } from '../types.ts';
import { chosenReply } from './chosenReply.ts';
import { inOrder, numberOf, scoresBeside } from './figuresOfMany.ts';
import { type Comparison, comparisons, type RankedReply, readRanked, some } from './rankedReplies.ts';
import type { Shape } from './Shape.ts';
import { type NamedReply, namedReplies } from './twoReplies.ts';

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

const MARKED_SCORES = ['score', 'rating', 'reward'];

/** `response_1_score`, `score_1`, and the same of ranks. */
function markedNumber(row: Row, { field, mark }: NamedReply, names: readonly string[]): number | null {
  const written = names.flatMap((name) => [`${field}_${name}`, `${name}_${mark}`]);
  return numberOf(written.map((name) => row.at(name)).find((found) => found !== null)?.value);
}

function scoredReplies(row: Row, replies: readonly NamedReply[]): readonly RankedReply[] {
  const own = replies.map((reply) => {
    const rank = markedNumber(row, reply, ['rank']);
    return markedNumber(row, reply, MARKED_SCORES) ?? (rank === null ? null : -rank);
  });
  const scores = own.some((score) => score !== null) ? own : scoresBeside(row, replies.length)?.scores;
  return inOrder(
    row,
    replies.map((reply, index) => ({ ...reply, score: scores?.[index] ?? null })),
  );
}

/** `response_1` … `response_4`. */
export const manyNamed: Shape = {
  name: 'replies-to-rank',
  matches: (row) => namedReplies(row).length > 2,
  read: (row) => {
    const replies = namedReplies(row);
    const listed = listedVerdicts(row, replies);
    const scored = listed ? [] : scoredReplies(row, replies);
    const isScored = scored.some(({ score }) => score !== null);
    const best = listed || isScored ? null : chosenReply(row, '', scored);
    const ranked = listed ? replies.map((reply) => ({ ...reply, score: null })) : scored;
    return some(readRanked(row, ranked, listed ?? best ?? comparisons(row, scored)));
  },
};
