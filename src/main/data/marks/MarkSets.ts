import type { Database } from '../database.ts';
import { Bits } from '../search/Bits.ts';
import { DELETED, EXCLUDED, FIRST } from './markTable.ts';

export interface Mark {
  readonly id: number;
  readonly kind: 'deleted' | 'excluded' | 'first' | 'tag';
  readonly name: string;
  readonly version: number;
}

export interface PairMarks {
  readonly deleted: boolean;
  readonly excluded: boolean;
  readonly first: boolean;
}

/** Which pairs are marked, in memory; read again when a mark has changed. Lives in the process that reads. */
export class MarkSets {
  readonly #marks;
  readonly #words;
  readonly #known = new Map<number, { readonly version: number; readonly bits: Bits }>();

  constructor(database: Database) {
    this.#marks = database.prepare<[], Mark>('SELECT id, kind, name, version FROM marks ORDER BY name');
    this.#words = database
      .prepare<[number], [number, number]>('SELECT word, bits FROM marked_pairs WHERE mark_id = ?')
      .raw();
  }

  marks(): Mark[] {
    return this.#marks.all();
  }
  tags(): Mark[] {
    return this.marks().filter(({ kind }) => kind === 'tag');
  }

  /** To be read, not changed. */
  of(markId: number, size: number): Bits {
    const version = this.marks().find(({ id }) => id === markId)?.version ?? 0;
    const known = this.#known.get(markId);
    if (known && known.version === version && known.bits.size === size) return known.bits;
    const bits = new Bits(size);
    for (const [word, value] of this.#words.iterate(markId)) {
      if (word < bits.words.length) bits.words[word] = value;
    }
    this.#known.set(markId, { version, bits });
    return bits;
  }

  /** What of a pair is marked, other than its tags. */
  ofEach(size: number): (pairId: number) => PairMarks {
    const [deleted, excluded, first] = [DELETED, EXCLUDED, FIRST].map((id) => this.of(id, size)) as [
      Bits,
      Bits,
      Bits,
    ];
    return (pairId) => ({
      deleted: deleted.has(pairId),
      excluded: excluded.has(pairId),
      first: first.has(pairId),
    });
  }
}
