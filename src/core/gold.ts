/** Pairs whose answer is known, among those that are not. Pure. */
import { spread } from './assignment.ts';

export interface GoldRules {
  /** Of the pairs that come to a person, 0 … 0.5. */
  readonly rate: number;
  /** Share of right answers to hidden ones below which a person is named; null for none. */
  readonly warnBelow: number | null;
  /** Whether people's verdicts on them are labels like others: in training and in exports. */
  readonly counts: boolean;
}
export const PLAIN_GOLD: GoldRules = { rate: 0.05, warnBelow: 0.7, counts: true };

/** One number of two, for `spread`. */
const joined = (person: number, value: number): number => (Math.imul(person, 0x9e3779b1) ^ value) >>> 0;

/** Whether the pair that a person decides as their `place`th is a known one: the same each time it is asked. */
export const isGoldPlace = (person: number, place: number, rate: number): boolean =>
  spread(joined(person, place)) < rate;

/** Known pairs in an order of a person's own: two who compare notes see no pair come twice at one place. */
export const goldOrder = (person: number, pairIds: readonly number[]): number[] =>
  [...pairIds].sort(
    (one, other) => spread(joined(person, one)) - spread(joined(person, other)) || one - other,
  );

/**
 * The next `limit` pairs of a person who has decided `decided`: known ones at their places, and at the end where no others
 * are left. After the first is decided, the rest come again as they came.
 */
export function withGold(
  open: readonly number[],
  gold: readonly number[],
  asked: { readonly person: number; readonly decided: number; readonly rate: number; readonly limit: number },
): number[] {
  const [others, known] = [[...open], [...gold]];
  const mixed: number[] = [];
  while (mixed.length < asked.limit && others.length + known.length > 0) {
    const isGold = others.length === 0 || isGoldPlace(asked.person, asked.decided + mixed.length, asked.rate);
    mixed.push(((isGold ? known.shift() : undefined) ?? others.shift() ?? known.shift()) as number);
  }
  return mixed;
}
