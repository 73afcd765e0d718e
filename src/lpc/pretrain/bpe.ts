/** Byte-pair encoding, trained: Sennrich et al. 2016 over bytes (Radford et al. 2019). */
import { splitWords } from './bytePieces.ts';

export type Merge = readonly [left: string, right: string];

interface Word {
  pieces: string[];
  readonly count: number;
}

function countWords(texts: Iterable<string>): Word[] {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const word of splitWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => ({ pieces: [...word], count }));
}

/** The most frequent neighbouring pair; ties go to the pair that sorts first, so that order never matters. */
function bestPair(words: readonly Word[]): Merge | null {
  const counts = new Map<string, number>();
  for (const { pieces, count } of words)
    for (let index = 1; index < pieces.length; index++) {
      const key = `${pieces[index - 1]} ${pieces[index]}`;
      counts.set(key, (counts.get(key) ?? 0) + count);
    }
  let best: string | null = null;
  let bestCount = 1;
  for (const [key, count] of counts)
    if (count > bestCount || (count === bestCount && best !== null && key < best)) {
      best = key;
      bestCount = count;
    }
  if (best === null) return null;
  const [left, right] = best.split(' ');
  return [left!, right!];
}

function mergeIn(word: Word, [left, right]: Merge): void {
  const merged: string[] = [];
  for (const piece of word.pieces) {
    if (piece === right && merged.at(-1) === left) merged[merged.length - 1] = left + right;
    else merged.push(piece);
  }
  word.pieces = merged;
}

/** Up to `count` merges in the order they are to be applied; fewer when no pair comes twice. */
export function trainBpe(texts: Iterable<string>, count: number): Merge[] {
  const words = countWords(texts).filter(({ pieces }) => pieces.length > 1);
  const merges: Merge[] = [];
  while (merges.length < count) {
    const merge = bestPair(words);
    if (!merge) break;
    merges.push(merge);
    for (const word of words) if (word.pieces.includes(merge[0])) mergeIn(word, merge);
  }
  return merges;
}
