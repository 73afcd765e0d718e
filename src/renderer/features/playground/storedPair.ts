/** A kept pair by the letters on this screen and by its stored keys, which follow hashes. Pure. */
import type { Verdict } from '#core/preference.ts';

export type PairVerdict = Extract<Verdict, 'a' | 'b' | 'tie' | 'both_bad'>;

/** `firstKey` is the stored reply that is A on this screen. */
export interface StoredPair {
  readonly pairId: number;
  readonly firstKey: 'a' | 'b';
}

/** The verdict by the stored replies' keys, of one by the letters on this screen. */
export function storedVerdict(verdict: PairVerdict, firstKey: 'a' | 'b'): PairVerdict {
  if (firstKey === 'a' || (verdict !== 'a' && verdict !== 'b')) return verdict;
  return verdict === 'a' ? 'b' : 'a';
}
