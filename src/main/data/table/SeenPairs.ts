import type { Database } from '../database.ts';
import { Bits } from '../search/Bits.ts';

/** Sides and orders are drawn when pairs come to somebody's desk; an adjudicator or the shell decides without one. */
const SEEN = [
  'SELECT pair_id FROM showings WHERE annotator_id = ?',
  'SELECT pair_id FROM set_showings JOIN set_pairs USING (set_id) WHERE annotator_id = ?',
  'SELECT pair_id FROM annotations WHERE annotator_id = ?',
];

/** What a person has seen: pairs that were on their desk, on screen or among the next ones, and those that they said anything of. */
export class SeenPairs {
  readonly #seen;

  constructor(database: Database) {
    this.#seen = SEEN.map((sql) => database.prepare<[number], number>(sql).pluck());
  }

  /** `size`: room for every pair. */
  by(annotatorId: number, size: number): Bits {
    const seen = new Bits(size);
    for (const some of this.#seen) {
      for (const id of some.iterate(annotatorId)) if (id < size) seen.add(id);
    }
    return seen;
  }
}
