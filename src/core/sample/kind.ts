/** The parts that every kind of exchange in the sample world is written with. Pure. */

/** Uniform in [0, 1). */
export type Draw = () => number;

/** One prompt answered twice with the same content, in the two styles of the kind's rule. */
interface Exchange {
  readonly prompt: string;
  readonly preferred: string;
  readonly other: string;
}

/** What separates the two replies. Every axis is used by two kinds that prefer opposite ends. */
type Axis = 'politeness' | 'layout' | 'length' | 'certainty';

export interface Kind {
  /** Shown as the source of its pairs. */
  readonly name: string;
  readonly axis: Axis;
  /** The rule in words, preferred side first, e.g. `polite over plain`. */
  readonly rule: string;
  exchange(draw: Draw): Exchange;
}

export function pick<T>(draw: Draw, list: readonly T[]): T {
  const item = list[Math.floor(draw() * list.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

/** `count` different items in the order of the list. */
export function pickSome<T>(draw: Draw, list: readonly T[], count: number): T[] {
  const chosen = new Set<number>();
  while (chosen.size < Math.min(count, list.length)) chosen.add(Math.floor(draw() * list.length));
  return [...chosen].sort((left, right) => left - right).map((index) => list[index]!);
}

export const chance = (draw: Draw, share: number): boolean => draw() < share;

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const withArticle = (noun: string): string => `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;

export const sentences = (...parts: readonly (string | null)[]): string =>
  parts.filter((part) => part !== null && part !== '').join(' ');
