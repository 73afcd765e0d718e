import type { Database } from '../database.ts';
import { grown, ranksOf } from './order.ts';
import { type Part, readAll } from './Part.ts';

type Row = readonly [id: number, source: number, prompt: number, a: number, b: number, aspect: string | null];

/** Rows that a step reads. */
const ROWS = 10_000;

/** What never changes of a pair, by its id. Lives in the process that reads. */
export class PairColumns implements Part {
  readonly #rows;
  readonly #sources;
  upTo = 0;
  source: Uint32Array = new Uint32Array(0);
  prompt: Uint32Array = new Uint32Array(0);
  a: Uint32Array = new Uint32Array(0);
  b: Uint32Array = new Uint32Array(0);
  lastPrompt = 0;
  lastReply = 0;
  /** Numbers of aspects, from 1. */
  #aspect: Uint16Array = new Uint16Array(0);
  readonly #aspects = new Map<string, number>();

  constructor(database: Database) {
    this.#rows = database
      .prepare<[number, number], Row>(
        `SELECT id, source_id, prompt_id, a_id, b_id, aspect FROM stored_pairs WHERE id > ? AND id <= ?`,
      )
      .raw();
    this.#sources = database.prepare<[], [number, string]>('SELECT id, name FROM stored_sources').raw();
  }

  refresh(last: number, size: number): void {
    readAll(this, last, size);
  }
  readonly weight = 1;
  isBehind(last: number): boolean {
    return last > this.upTo;
  }
  share(last: number): number {
    return Math.min(1, this.upTo / last);
  }
  step(last: number, size: number): void {
    const to = Math.min(last, this.upTo + ROWS);
    for (const column of ['source', 'prompt', 'a', 'b'] as const) this[column] = grown(this[column], size);
    this.#aspect = grown(this.#aspect, size);
    for (const [id, source, prompt, a, b, aspect] of this.#rows.iterate(this.upTo, to)) {
      this.source[id] = source;
      this.prompt[id] = prompt;
      this.a[id] = a;
      this.b[id] = b;
      this.lastPrompt = Math.max(this.lastPrompt, prompt);
      this.lastReply = Math.max(this.lastReply, a, b);
      if (aspect !== null) this.#aspect[id] = this.#aspectNumber(aspect);
    }
    this.upTo = to;
  }

  sourceKeys(): Uint32Array {
    const names = new Map(this.#sources.all());
    const ranks = ranksOf(names.values());
    const places = new Map([...names].map(([id, name]) => [id, ranks.get(name) as number]));
    return this.source.map((id) => (id === 0 ? 0 : (places.get(id) as number)));
  }

  aspectKeys(): Uint32Array {
    const ranks = ranksOf(this.#aspects.keys());
    const places = [0, ...[...this.#aspects.keys()].map((aspect) => ranks.get(aspect) as number)];
    return Uint32Array.from(this.#aspect, (number) => places[number] as number);
  }

  #aspectNumber(aspect: string): number {
    const known = this.#aspects.get(aspect) ?? this.#aspects.size + 1;
    this.#aspects.set(aspect, known);
    return known;
  }
}
