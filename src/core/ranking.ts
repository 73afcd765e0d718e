/** Three and more replies to one prompt in an order, ties allowed, what is said beside it, and the pairs that it implies. Pure. */
import type { ReplyKey, Verdict } from './preference.ts';
import {
  type AskedAttribute,
  type AspectAnswer,
  missingAttribute,
  type VerdictAttributes,
  type VerdictRules,
} from './verdictAttributes.ts';

/** As many as there are digits to place them by; larger sets are compared in pairs. */
export const MOST_RANKED = 9;

/** By the reply's id: 1 is the best, and the same number is a tie. */
export type Ranks = Readonly<Record<string, number>>;
/** How much better each place is than the one below it; null where it was not said. */
export type Steps = readonly (number | null)[];
/** An order of its own for each aspect, or that the aspect does not apply. */
export type RankedAspects = Readonly<Record<string, Ranks | 'na'>>;
/** What is said of several replies in one act; no ranks where they are skipped or all bad. */
export interface SaidOfSet {
  readonly ranks: Ranks | null;
  readonly steps: Steps;
  readonly aspects: RankedAspects;
}

/** What an order says of two of its replies. */
export const impliedVerdict = (a: number, b: number): 'a' | 'b' | 'tie' =>
  a < b ? 'a' : a > b ? 'b' : 'tie';

/** Of two replies, which is shown before the other. */
export const shownFirst = (order: readonly number[], a: number, b: number): ReplyKey =>
  order.indexOf(a) <= order.indexOf(b) ? 'a' : 'b';

/** How many pairs there are of so many replies. */
export const pairsOf = (replies: number): number => (replies * (replies - 1)) / 2;

/** Whether each reply has a rank and nothing else has one. */
export const ranksAll = (ranks: Ranks, replyIds: readonly number[]): boolean =>
  Object.keys(ranks).length === replyIds.length && replyIds.every((id) => ranks[id] !== undefined);

/** The numbers of the places, the best first. */
export const placesOf = (ranks: Ranks): number[] =>
  [...new Set(Object.values(ranks))].sort((one, other) => one - other);

/**
 * How much better the one of two replies is than the other: the largest step between their places, which is the least
 * that the steps allow. Null for a tie, or where a step was not said.
 */
export function impliedStrength({ ranks, steps }: SaidOfSet, a: number, b: number): number | null {
  if (ranks === null) return null;
  const places = placesOf(ranks);
  const at = [a, b].map((id) => places.indexOf(ranks[id] as number));
  const between = steps.slice(Math.min(...at), Math.max(...at));
  const said = between.filter((step) => step !== null);
  return said.length === 0 || said.length < between.length ? null : Math.max(...said);
}

/** What the orders by aspect say of two replies. */
export const impliedAspects = (
  aspects: RankedAspects,
  a: number,
  b: number,
): Readonly<Record<string, AspectAnswer>> =>
  Object.fromEntries(
    Object.entries(aspects).map(([name, order]) => [
      name,
      order === 'na' ? order : impliedVerdict(order[a] as number, order[b] as number),
    ]),
  );

/** The first thing that a project asks beside an order and that is not there; a skip owes nothing. */
export function missingInRanking(
  verdict: Verdict,
  { ranks, steps, aspects }: SaidOfSet,
  attributes: VerdictAttributes,
  rules: VerdictRules,
): AskedAttribute | null {
  if (ranks === null && verdict === 'skip') return null;
  const owed = ranks === null ? 0 : placesOf(ranks).length - 1;
  if (rules.strength !== 'none' && steps.filter((step) => step !== null).length < owed) return 'strength';
  if (rules.aspects.some(({ name, required }) => required && aspects[name] === undefined)) return 'aspects';
  return missingAttribute('tie', attributes, { ...rules, strength: 'none', aspects: [] });
}

interface SaidOfPair {
  readonly a: number;
  readonly b: number;
  readonly strength: number | null;
  readonly aspects: Readonly<Record<string, AspectAnswer>>;
}

/** What was said beside an order, from what is stored of its pairs. */
export function saidBeside(ranks: Ranks, pairs: readonly SaidOfPair[]): Pick<SaidOfSet, 'steps' | 'aspects'> {
  const places = placesOf(ranks);
  const placeOf = (id: number): number => places.indexOf(ranks[id] as number);
  const steps = places.slice(1).map((_, above) => {
    const across = pairs.find(
      ({ a, b }) => Math.min(placeOf(a), placeOf(b)) === above && Math.abs(placeOf(a) - placeOf(b)) === 1,
    );
    return across?.strength ?? null;
  });
  const names = Object.keys(pairs[0]?.aspects ?? {}).filter((name) =>
    pairs.every(({ aspects }) => aspects[name] !== undefined),
  );
  return { steps, aspects: Object.fromEntries(names.map((name) => [name, orderBy(name, pairs)])) };
}

/** In a weak order the replies of a place are better than as many others. */
function orderBy(name: string, pairs: readonly SaidOfPair[]): Ranks | 'na' {
  if (pairs.every(({ aspects }) => aspects[name] === 'na')) return 'na';
  const wins = new Map<number, number>();
  for (const { a, b, aspects } of pairs) {
    for (const [id, key] of [
      [a, 'a'],
      [b, 'b'],
    ] as const)
      wins.set(id, (wins.get(id) ?? 0) + (aspects[name] === key ? 1 : 0));
  }
  const counts = [...new Set(wins.values())].sort((one, other) => other - one);
  return Object.fromEntries([...wins].map(([id, count]) => [String(id), counts.indexOf(count) + 1]));
}
