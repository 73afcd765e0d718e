import { Bits } from './Bits.ts';

/** Stands before a part among the words of a segment; no word holds one. */
export const PARTS_BEGIN = '\t';
/** A part that fewer pairs hold is found through its words as fast. */
const LEAST_PLACES = 2048;
const PLACES = 65_536;
/** Code units of the longest part. */
export const LONGEST_PART = 2;

interface Part {
  readonly part: string;
  readonly places: Uint16Array;
}

/** A letter or two; half of a character is none. */
function partsOf(word: string, each: (part: string) => void): void {
  for (let at = 0; at < word.length; at++) {
    for (const end of [at + 1, at + 2]) {
      const part = word.slice(at, end);
      if (end <= word.length && part.isWellFormed()) each(part);
    }
  }
}

/** A letter or two stand in a third of all words: which pairs hold those that many do, over all words. */
export function shortParts(words: readonly string[], placesOf: (id: number) => Uint16Array): readonly Part[] {
  const ids = new Map<string, number[]>();
  for (const [id, word] of words.entries()) {
    partsOf(word, (part) => {
      const known = ids.get(part);
      if (!known) ids.set(part, [id]);
      else if (known.at(-1) !== id) known.push(id);
    });
  }
  return [...ids].flatMap(([part, some]) => {
    const total = some.reduce((sum, id) => sum + placesOf(id).length, 0);
    if (some.length < 2 || total < LEAST_PLACES) return [];
    const held = new Bits(PLACES);
    for (const id of some) for (const place of placesOf(id)) held.add(place);
    return [{ part, places: Uint16Array.from(held.slice(0, PLACES)) }];
  });
}
