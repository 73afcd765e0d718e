import type { Database } from '../database.ts';
import { fold } from '../search/fold.ts';
import { PREVIEW } from '../storedMessages.ts';
import { grown } from './order.ts';

/** How much of a text says its place: what is alike so far stays in the order in which it came. */
const UNITS = 32;

/** Places of texts by their first characters, from 1; texts that are alike so far share one. */
export function placesOf(units: Uint16Array, count: number): Uint32Array {
  let order = Uint32Array.from({ length: count }, (_, index) => index);
  let next = new Uint32Array(count);
  const starts = new Uint32Array(65_537);
  for (let unit = UNITS - 1; unit >= 0; unit--) {
    starts.fill(0);
    for (let at = unit; at < count * UNITS; at += UNITS) {
      const digit = (units[at] as number) + 1;
      starts[digit] = (starts[digit] as number) + 1;
    }
    // One letter for all: nothing moves.
    if (starts.includes(count)) continue;
    for (let digit = 1; digit < starts.length; digit++) {
      starts[digit] = (starts[digit] as number) + (starts[digit - 1] as number);
    }
    for (const text of order) {
      const digit = units[text * UNITS + unit] as number;
      const at = starts[digit] as number;
      starts[digit] = at + 1;
      next[at] = text;
    }
    [order, next] = [next, order];
  }
  const places = new Uint32Array(count);
  let place = 0;
  for (const [index, text] of order.entries()) {
    if (index === 0 || !alike(units, text, order[index - 1] as number)) place += 1;
    places[text] = place;
  }
  return places;
}

function alike(units: Uint16Array, one: number, other: number): boolean {
  for (let unit = 0; unit < UNITS; unit++) {
    if (units[one * UNITS + unit] !== units[other * UNITS + unit]) return false;
  }
  return true;
}

/** Capitals and accents make no difference; neither does what stands before the first letter or digit. */
const sorted = (text: string): string =>
  fold(text)
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .slice(0, UNITS);

/** The alphabetical places of a table's texts, by their ids. */
export class TextRanks {
  readonly #rows;
  #upTo = 0;
  #units: Uint16Array = new Uint16Array(0);
  #places: Uint32Array = new Uint32Array(0);

  constructor(database: Database, table: 'stored_prompts' | 'responses') {
    const text = table === 'stored_prompts' ? PREVIEW : 'text';
    this.#rows = database
      .prepare<[number, number], [number, string]>(
        `SELECT id, substr(${text}, 1, ${2 * UNITS}) FROM ${table} WHERE id > ? AND id <= ?`,
      )
      .raw();
  }

  upTo(last: number): Uint32Array {
    if (last <= this.#upTo) return this.#places;
    this.#units = grown(this.#units, UNITS * (last + 1));
    for (const [id, text] of this.#rows.iterate(this.#upTo, last)) {
      const letters = sorted(text);
      for (let unit = 0; unit < letters.length; unit++)
        this.#units[UNITS * id + unit] = letters.charCodeAt(unit);
    }
    this.#upTo = last;
    this.#places = placesOf(this.#units, last + 1);
    return this.#places;
  }
}
