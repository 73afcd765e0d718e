/** What is laid out: rows of features, and how a layout says how far it is. */

export interface Points {
  /** Rows × width. */
  readonly values: Float32Array;
  readonly width: number;
}

/** Called between pieces of work of some milliseconds; throws once the layout is to end. */
export type Tick = (done: number, total: number) => void;

export const countOf = ({ values, width }: Points): number => (width === 0 ? 0 : values.length / width);

/** Squared Euclidean distance of two rows. */
export function squaredDistance({ values, width }: Points, a: number, b: number): number {
  let sum = 0;
  const first = a * width;
  const second = b * width;
  for (let at = 0; at < width; at++) {
    const difference = (values[first + at] as number) - (values[second + at] as number);
    sum += difference * difference;
  }
  return sum;
}

/** Fast numbers for layouts, by a seed (xorshift32, Marsaglia 2003). */
export class LayoutRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x85ebca6b) | 0 || 1;
  }

  /** A whole number from 0 to `below` - 1. */
  whole(below: number): number {
    let next = this.#state;
    next ^= next << 13;
    next ^= next >>> 17;
    next ^= next << 5;
    this.#state = next;
    return (next >>> 0) % below;
  }

  /** From 0 up to 1. */
  share(): number {
    return this.whole(0xffffffff) / 0xffffffff;
  }
}
