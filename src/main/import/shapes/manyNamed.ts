/** One prompt with more than two replies in columns of their own, `response_1` … `response_4`, FineGrained among them. */
import type { Row } from '../Row.ts';
import { UnreadableRow } from '../types.ts';
import { type Comparison, comparisons, numberOf, readRanked, some } from './rankedReplies.ts';
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

/** `response_1` … `response_4`. */
export const manyNamed: Shape = {
  name: 'replies-to-rank',
  matches: (row) => namedReplies(row).length > 2,
  read: (row) => {
    const replies = namedReplies(row);
    const scored = replies.map((reply) => ({
      ...reply,
      score: numberOf(
        MARKED_SCORES.flatMap((name) => [`${reply.field}_${name}`, `${name}_${reply.mark}`])
          .map((name) => row.at(name))
          .find((found) => found !== null)?.value,
      ),
    }));
    return some(readRanked(row, scored, listedVerdicts(row, replies) ?? comparisons(row, scored)));
  },
};
