import type { Database } from '../database.ts';
import { grown } from './order.ts';
import { type Part, readAll } from './Part.ts';

type Value = string | number;
interface Field {
  upTo: number;
  /** Different values, from 1. */
  readonly values: Map<Value, number>;
  /** Of each pair, the number of its value. */
  of: Uint32Array;
}
/** Rows that a step reads. */
const ROWS = 2500;
const REMEMBERED = 24;
/** Of more fields at once, those that were read could make way for each other for ever. */
export const READ_IN_STEPS = 8;
/** Rows of a source at either end, which show the fields that it has. */
const LOOKED_AT = 100;

/** A field as it is shown and compared. */
function shownValue(json: string): Value | null {
  const value: unknown = JSON.parse(json);
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  return json;
}

const { compare } = new Intl.Collator('en', { numeric: true });
/** Numbers before texts. */
function before(one: Value, other: Value): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (typeof one === 'number') return -1;
  return typeof other === 'number' ? 1 : compare(one, other);
}

/** Fields of the rows that pairs came from, by pair: each is read when it is first asked for. */
export class MetadataColumns {
  readonly #database: Database;
  readonly #rows;
  readonly #known = new Map<string, Field>();

  constructor(database: Database) {
    this.#database = database;
    this.#rows = database
      .prepare<[string, number, number], [number, string | null]>(
        `SELECT pair_id, metadata -> ? FROM pair_details WHERE pair_id > ? AND pair_id <= ? AND metadata IS NOT NULL`,
      )
      .raw();
  }

  /** Names of fields, by the first and the last pairs of each source. */
  names(): string[] {
    const some = (order: 'ASC' | 'DESC') => `SELECT * FROM (
      SELECT id FROM stored_pairs WHERE source_id = @sourceId ORDER BY id ${order} LIMIT ${LOOKED_AT})`;
    const found = this.#database
      .prepare<[{ sourceId: number }], string>(
        `SELECT DISTINCT field.key FROM (${some('ASC')} UNION ${some('DESC')}) AS some
         JOIN pair_details ON pair_details.pair_id = some.id, json_each(pair_details.metadata) AS field
         WHERE json_type(pair_details.metadata) = 'object'`,
      )
      .pluck();
    const sources = this.#database.prepare<[], number>('SELECT id FROM sources').pluck().all();
    return [...new Set(sources.flatMap((sourceId) => found.all({ sourceId })))].sort(compare);
  }

  keys(name: string, last: number, size: number): Uint32Array {
    const { values, of } = this.field(name, last, size);
    const places = new Uint32Array(values.size + 1);
    for (const [index, value] of [...values.keys()].sort(before).entries()) {
      places[values.get(value) as number] = index + 1;
    }
    return of.map((number) => places[number] as number);
  }

  field(name: string, last: number, size: number): Field {
    readAll(this.part(name), last, size);
    return this.#field(name);
  }
  part(name: string): Part {
    return {
      weight: 2,
      isBehind: (last) => last > this.#field(name).upTo,
      share: (last) => Math.min(1, this.#field(name).upTo / last),
      step: (last, size) => this.#readSome(name, this.#field(name), last, size),
    };
  }

  #field(name: string): Field {
    const known = this.#known.get(name);
    if (known) return known;
    const field: Field = { upTo: 0, values: new Map(), of: new Uint32Array(0) };
    if (this.#known.size >= REMEMBERED) this.#known.delete(this.#known.keys().next().value as string);
    this.#known.set(name, field);
    return field;
  }

  #readSome(name: string, field: Field, last: number, size: number): void {
    const to = Math.min(last, field.upTo + ROWS);
    field.of = grown(field.of, size);
    for (const [pairId, json] of this.#rows.iterate(name, field.upTo, to)) {
      const value = json === null ? null : shownValue(json);
      if (value === null) continue;
      const number = field.values.get(value) ?? field.values.size + 1;
      field.values.set(value, number);
      field.of[pairId] = number;
    }
    field.upTo = to;
  }
}
