/** What a row says of several replies in figures or by name: scores, ranks, an order. Pure. */
import type { ImportRules } from '#shared/importEntities.ts';
import type { Found, Row } from '../Row.ts';
import { isText, UnreadableRow } from '../types.ts';
import { placesByName } from './chosenReply.ts';
import type { RankedReply } from './rankedReplies.ts';

export const SCORE_LISTS = ['scores', 'ratings', 'rewards', 'score', 'rating', 'reward', 'labels'];
const RANK_LISTS = ['ranks', 'rank', 'ranking', 'rankings'];
export const numberOf = (value: unknown): number | null => {
  const number = typeof value === 'boolean' || (isText(value) && value.trim() !== '') ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
};

/** Numbers of so many replies as the row does not have: whose each of them is, nobody knows. */
function refuseOtherLength({ field, value }: Found, length: number): void {
  const numbers = value as unknown[];
  if (
    numbers.length < 2 ||
    !/score|rating|reward|rank/i.test(field) ||
    numbers.some((entry) => numberOf(entry) === null)
  )
    return;
  throw new UnreadableRow(
    field,
    `holds ${numbers.length} numbers beside ${length} replies; give one for each, or leave it out with --map scores=,ranks=`,
  );
}

type Numbers = readonly (number | null)[];
function beside(row: Row, names: readonly string[], length: number): Numbers | null {
  for (const name of names) {
    const found = row.at(name);
    if (!found || !Array.isArray(found.value)) continue;
    if (found.value.length !== length) {
      refuseOtherLength(found, length);
      continue;
    }
    const numbers = found.value.map(numberOf);
    const isOf = (value: unknown, index: number): boolean => value === null || numbers[index] !== null;
    if (numbers.every((number) => number === null) || !found.value.every(isOf)) continue;
    row.use('score', found.field);
    row.keep(found.field);
    return numbers;
  }
  return null;
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

/** Replies that nobody scored, where a column lists them from best to worst. */
export function inOrder(row: Row, replies: readonly RankedReply[]): readonly RankedReply[] {
  if (replies.some(({ score }) => score !== null)) return replies;
  const places = placesByName(row, replies);
  return places ? replies.map((reply, index) => ({ ...reply, score: -(places[index] as number) })) : replies;
}

/** Scores and ranks that put two replies in opposite orders: which of them holds is for the person to say. */
export function refuseTwoOrders(
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
