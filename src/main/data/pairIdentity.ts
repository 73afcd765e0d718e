import type { Decision, Verdict } from '#core/preference.ts';
import { pairHash } from './hashes.ts';
import type { HashedPair, NewPair } from './pairWriter.ts';

/** What is known of pairs by their ids; a preview answers for those that it only imagines, too. */
export interface PairFacts {
  itemId(pairId: number): string | null;
  /** The standing verdict that files gave under this name. */
  verdict(pairId: number, annotator: string): Decision | undefined;
}

/** Where a pair is, or the hash under which it would be stored. */
export type Place = { readonly pairId: number } | { readonly newHash: Buffer };

/**
 * Which stored pair a row means. Rows with the same texts and aspect are one pair unless their own ids tell them apart;
 * a pair without an id takes the first one that comes, so that neither order nor a second reading changes anything.
 */
export class PairIdentity {
  readonly #adopted = new Map<number, string>();
  readonly #known: (hash: Buffer) => number | undefined;
  readonly #facts: PairFacts;

  constructor(known: (hash: Buffer) => number | undefined, facts: PairFacts) {
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
    verdicts: readonly { readonly annotator: string; readonly verdict: Verdict }[],
  ): { fresh: { annotator: string; verdict: Verdict }[]; conflict: Conflict | null } {
    const fresh: { annotator: string; verdict: Verdict }[] = [];
    for (const { annotator, verdict } of verdicts) {
      const standing = this.#facts.verdict(pairId, annotator);
      if (standing === undefined) fresh.push({ annotator, verdict });
      else if (standing !== verdict) return { fresh: [], conflict: { annotator, standing, verdict } };
    }
    return { fresh, conflict: null };
  }
}

/** Two verdicts of one annotator on one pair. */
export interface Conflict {
  readonly annotator: string;
  readonly standing: Decision;
  readonly verdict: Verdict;
}
