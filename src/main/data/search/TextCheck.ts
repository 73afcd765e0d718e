import { Bits } from './Bits.ts';
import { fold } from './fold.ts';
import { matches, type Term } from './parseQuery.ts';
import type { SearchTable } from './searchTable.ts';

/** Texts between two looks at who else asks: some milliseconds. */
const TEXTS_AT_ONCE = 200;

/**
 * What the index leaves open, told by the texts, some at a time: whether the words of a phrase stand in its order, and
 * everything about pairs that no segment covers yet.
 */
export class TextCheck {
  /** Pairs that answer the query as far as texts were looked at; beyond that those that may. */
  readonly found: Bits;
  /** Those among them whose text is to be looked at. */
  #open: Bits;
  readonly #table: SearchTable;
  readonly #terms: readonly Term[];
  readonly #phrases: readonly Term[];
  /** The last pair that a segment covers, and the last of all. */
  readonly #covered: number;
  readonly #last: number;
  #upTo = 0;

  constructor(
    table: SearchTable,
    terms: readonly Term[],
    { found, open }: { found: Bits; open: Bits },
    { covered, last }: { covered: number; last: number },
  ) {
    this.#table = table;
    this.#terms = terms;
    this.#phrases = terms.filter(({ words }) => words.length > 1);
    this.found = found;
    this.#open = open;
    this.#covered = Math.min(covered, last);
    this.#last = last;
    if (this.#phrases.length === 0) this.#upTo = this.#covered;
  }

  /** The last pair of which the answer is known. */
  get upTo(): number {
    return this.#upTo;
  }
  /** How much of it is known, from 0 to 1. */
  get share(): number {
    return this.#upTo / this.#last;
  }
  get isDone(): boolean {
    return this.#upTo >= this.#last;
  }

  step(): void {
    if (this.#upTo < this.#covered) this.#lookForPhrases();
    else if (!this.isDone) this.#lookForAll();
    if (this.isDone) this.#open = new Bits(0);
  }

  #lookForPhrases(): void {
    const ids = this.#open.after(this.#upTo, TEXTS_AT_ONCE);
    for (const { words, excluded } of this.#phrases) {
      const phrase = words.join(' ');
      const wanted = { words, excluded: false };
      for (const [id, holds] of this.#table.holding(ids, phrase)) {
        const isHeld = holds === null ? matches([wanted], fold(this.#table.text(id))) : holds === 1;
        if (isHeld === excluded) this.found.remove(id);
      }
    }
    this.#upTo = ids.length < TEXTS_AT_ONCE ? this.#covered : (ids.at(-1) as number);
  }

  #lookForAll(): void {
    const to = Math.min(this.#last, this.#upTo + TEXTS_AT_ONCE);
    for (const { id, text } of this.#table.texts(this.#upTo + 1, to)) {
      if (matches(this.#terms, fold(text))) this.found.add(id);
    }
    this.#upTo = to;
  }
}
