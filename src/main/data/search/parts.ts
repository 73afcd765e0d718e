import { Bits } from './Bits.ts';

/** Stands before a part among the words of a segment; no word holds one. */
export const PARTS_BEGIN = '\t';
const PLACES = 65_536;
/** Code units of the longest part. */
export const LONGEST_PART = 3;

/** What it takes to find a part through its words, in microseconds: for each word, and for each pair that one is in. */
const WORK_PER_WORD = 2;
const WORK_PER_PLACE = 0.006;
/** A part that takes less is found through its words. */
export const LEAST_WORK = 1000;
/** Bytes of all parts of a segment; those that take most work come first. */
const MOST_BYTES = 4 * 1024 * 1024;

interface Part {
  readonly part: string;
  readonly places: Uint16Array;
}

/** One to three letters; half of a character is none. */
function partsOf(word: string, each: (part: string) => void): void {
  for (let at = 0; at < word.length; at++) {
    for (let end = at + 1; end <= Math.min(at + LONGEST_PART, word.length); end++) {
      const part = word.slice(at, end);
      if (part.isWellFormed()) each(part);
    }
  }
}

/**
 * A letter or two stand in a third of all words, and some syllables in thousands: which pairs hold those, over all words.
 * `leastWork` in microseconds.
 */
export function shortParts(
  words: readonly string[],
  placesOf: (id: number) => Uint16Array,
  leastWork = LEAST_WORK,
): readonly Part[] {
  const ids = new Map<string, number[]>();
  for (const [id, word] of words.entries()) {
    partsOf(word, (part) => {
      const known = ids.get(part);
      if (!known) ids.set(part, [id]);
      else if (known.at(-1) !== id) known.push(id);
    });
  }
  let bytes = 0;
  return [...ids]
    .map(([part, some]) => {
      const total = some.reduce((sum, id) => sum + placesOf(id).length, 0);
      return { part, some, total, work: WORK_PER_WORD * some.length + WORK_PER_PLACE * total };
    })
    .filter(({ some, work }) => some.length > 1 && work >= leastWork)
    .sort((one, other) => other.work - one.work)
    .filter(({ total }) => {
      bytes += Math.min(PLACES / 8, total);
      return bytes <= MOST_BYTES;
    })
    .map(({ part, some }) => {
      const held = new Bits(PLACES);
      for (const id of some) for (const place of placesOf(id)) held.add(place);
      return { part, places: Uint16Array.from(held.slice(0, PLACES)) };
    });
}
