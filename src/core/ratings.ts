/** Ratings of single replies: scales, what counts as good, and the order in which replies come. Pure. */
import { hash32 } from './random.ts';

export const RATING_SCALES = ['off', 'thumbs', 'five'] as const;
export type RatingScale = Exclude<(typeof RATING_SCALES)[number], 'off'>;
export interface RatingRules {
  readonly scale: (typeof RATING_SCALES)[number];
  /** On the scale from 1 to 5, the least that counts as good. */
  readonly cut: number;
}
export const PLAIN_RATINGS: RatingRules = { scale: 'off', cut: 4 };

/** Values of a scale, the worst first: a thumb down is 0 and up 1. */
export const RATING_VALUES: Readonly<Record<RatingScale, readonly number[]>> = {
  thumbs: [0, 1],
  five: [1, 2, 3, 4, 5],
};

export const isGoodRating = (scale: RatingScale, value: number, cut: number): boolean =>
  scale === 'thumbs' ? value === 1 : value >= cut;

/** What most people say of one reply; null on a draw or where nobody says. */
export function mostSay(good: readonly boolean[]): boolean | null {
  const yes = good.filter(Boolean).length;
  return 2 * yes === good.length ? null : 2 * yes > good.length;
}

const ROUNDS = 4;

/**
 * The `place`th of the whole numbers below `size` in an order that looks random and is the same for all: a Feistel network
 * walked until it falls below `size`. No list of them is made.
 */
export function shuffledPlace(place: number, size: number): number {
  const bits = Math.max(1, Math.ceil(Math.log2(Math.max(2, size)) / 2));
  const mask = 2 ** bits - 1;
  let at = place;
  do {
    let [left, right] = [Math.floor(at / (mask + 1)), at & mask];
    for (let round = 0; round < ROUNDS; round++)
      [left, right] = [right, (left ^ (hash32(`${round}:${right}`) & mask)) >>> 0];
    at = left * (mask + 1) + right;
  } while (at >= size);
  return at;
}
