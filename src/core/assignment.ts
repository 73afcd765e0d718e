/** How many people are to label a pair. Pure. */

export interface Overlap {
  /** People on each pair of the share; the others get one. */
  readonly labels: number;
  /** Of all pairs, 0 … 1. */
  readonly share: number;
}

const WORDS = 2 ** 32;

/** By the pair alone: a larger share keeps the pairs of a smaller one, and a pair that comes later moves none. */
export const labelsWanted = (pairId: number, { labels, share }: Overlap): number =>
  spread(pairId) < share ? labels : 1;

/** The same number in [0, 1) for the same whole number. */
export const spread = (value: number): number => mixed(value) / WORDS;

/** Spreads whole numbers evenly over 0 … 2³² − 1, none twice (the finaliser of MurmurHash3). */
function mixed(value: number): number {
  let bits = (value + 0x9e3779b9) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35) >>> 0;
  return (bits ^ (bits >>> 16)) >>> 0;
}
