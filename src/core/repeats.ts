/** Pairs that come to a person again, to tell how far they agree with themselves. Pure. */
import { spread } from './assignment.ts';

/** So many decisions of one's own lie between a verdict and its repeat, at least: what is remembered says nothing. */
export const REPEATS_APART = 30;
/** Of the pairs that come to a person. */
export const MOST_REPEATS = 0.25;
/** Fewer answers are not told to whoever gave them: one figure of one pair would name the pair. */
export const LEAST_REPEATS = 5;

/** Whether what a person decides as their `place`th, repeats counted, is a repeat: the same each time it is asked. */
export const isRepeatPlace = (person: number, place: number, rate: number): boolean =>
  spread((Math.imul(person, 0x85ebca6b) ^ Math.imul(place + 1, 0xc2b2ae35)) >>> 0) < rate;

interface Asked {
  readonly person: number;
  /** Decisions of theirs so far, repeats counted. */
  readonly decided: number;
  readonly rate: number;
}

/**
 * What comes to a person with repeats at their places. `repeat(n)` gives the nth of those that wait, null where there is
 * none. None comes where no others are left.
 */
export function withRepeats(
  coming: readonly number[],
  { person, decided, rate }: Asked,
  repeat: (place: number) => number | null,
): number[] {
  const mixed: number[] = [];
  let repeats = 0;
  for (const pairId of coming) {
    while (isRepeatPlace(person, decided + mixed.length, rate)) {
      const again = repeat(repeats);
      if (again === null) break;
      mixed.push(again);
      repeats += 1;
    }
    mixed.push(pairId);
  }
  return mixed;
}
