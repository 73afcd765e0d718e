import type { Decision, Verdict } from '#core/preference.ts';
import { type Hash, pairHash } from './hashes.ts';
import type { HashedPair, NewPair } from './pairWriter.ts';

/** Stands for labels of files that do not say whose they are. */
export const IMPORT_ANNOTATOR = 'imported';

export interface Annotator {
  readonly annotator: string;
  readonly kind: 'person' | 'import';
}
export interface StoredVerdict extends Annotator {
  readonly verdict: Verdict;
  readonly strength?: number | null;
}
/** One annotator on one pair, as a key. */
export const verdictKey = (pairId: number, { kind, annotator }: Annotator): string =>
  `${pairId} ${kind} ${annotator}`;

/** What is known of pairs by their ids; a preview answers for those that it only imagines, too. */
export interface PairFacts {
  itemId(pairId: number): string | null;
  /** The standing verdict of this person or file. */
  verdict(pairId: number, by: Annotator): Decision | undefined;
}

/** Where a pair is, or the hash under which it would be stored. */
export type Place = { readonly pairId: number } | { readonly newHash: Hash };

/**
 * Which stored pair a row means. Rows with the same texts and aspect are one pair unless their own ids tell them apart;
 * a pair without an id takes the first one that comes, so that neither order nor a second reading changes anything.
 */
export class PairIdentity {
  readonly #adopted = new Map<number, string>();
  readonly #known: (hash: Hash) => number | undefined;
  readonly #facts: PairFacts;

  constructor(known: (hash: Hash) => number | undefined, facts: PairFacts) {
    this.#known = known;
    this.#facts = facts;
  }

  place(pair: NewPair, hashes: HashedPair): Place {
    for (let occurrence = 0; ; occurrence++) {
      const hash =
        occurrence === 0
          ? hashes.pair
          : pairHash(hashes.prompt, [hashes.chosen, hashes.rejected], pair.aspect, occurrence);
      const pairId = this.#known(hash);
      if (pairId === undefined) return { newHash: hash };
      if (pair.itemId === null) return { pairId };
      const id = this.#adopted.get(pairId) ?? this.#facts.itemId(pairId);
      if (id === pair.itemId) return { pairId };
      if (id !== null) continue;
      this.#adopted.set(pairId, pair.itemId);
      return { pairId };
    }
  }

  /** Which of a row's verdicts are new to the pair, and the first that contradicts what stands. */
  compare(
    pairId: number,
    verdicts: readonly StoredVerdict[],
  ): { fresh: StoredVerdict[]; conflict: Conflict | null } {
    const fresh: StoredVerdict[] = [];
    for (const given of verdicts) {
      const standing = this.#facts.verdict(pairId, given);
      if (standing === undefined) fresh.push(given);
      else if (standing !== given.verdict) return { fresh: [], conflict: { ...given, standing } };
    }
    return { fresh, conflict: null };
  }
}

/** Two verdicts of one annotator on one pair. */
export interface Conflict extends StoredVerdict {
  readonly standing: Decision;
}
