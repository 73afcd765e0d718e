import type { Database } from '../database.ts';
import { fold } from '../search/fold.ts';
import { PREVIEW } from '../storedMessages.ts';
import { FirstUnits, UNITS } from './sortTexts.ts';

/** Texts that a step reads. */
const TEXTS = 1000;
/** More new texts than this are put in order with all others; each of fewer is looked for among those that are. */
const MOST_PLACED = 200;

/** Capitals and accents make no difference; neither does what stands before the first letter or digit. */
const sorted = (text: string): string =>
  fold(text)
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .slice(0, UNITS);

/** Of the time that it takes, about. */
const READING = 0.6;

/** Texts while they are put in order: read up to one, then sorted. */
interface Making {
  readonly last: number;
  readonly units: FirstUnits;
  upTo: number;
  steps: Generator<number, Uint32Array> | null;
  /** Of its sorting, from 0 to 1. */
  share: number;
}

/**
 * The alphabetical places of a table's texts, by their ids. What they were made of is not kept: of two million replies it is
 * 64 MB, or twice that where more than 255 different characters begin them.
 */
export class TextRanks {
  readonly #rows;
  readonly #text;
  #upTo = 0;
  #places: Uint32Array = new Uint32Array(0);
  #making: Making | null = null;

  constructor(database: Database, table: 'stored_prompts' | 'responses') {
    const text = `substr(${table === 'stored_prompts' ? PREVIEW : 'text'}, 1, ${2 * UNITS})`;
    this.#rows = database
      .prepare<[number, number], [number, string]>(
        `SELECT id, ${text} FROM ${table} WHERE id > ? AND id <= ?`,
      )
      .raw();
    this.#text = database.prepare<[number], string>(`SELECT ${text} FROM ${table} WHERE id = ?`).pluck();
  }

  upTo(last: number): Uint32Array {
    while (this.isBehind(last)) this.step(last);
    return this.#places;
  }
  isBehind(last: number): boolean {
    return last > this.#upTo;
  }
  /** How much of it is there, from 0 to 1. */
  share(last: number): number {
    if (!this.#making) return this.isBehind(last) ? 0 : 1;
    const { upTo, last: end, share } = this.#making;
    return READING * (upTo / end) + (1 - READING) * share;
  }
  step(last: number): void {
    if (!this.#making && this.#upTo > 0 && last - this.#upTo <= MOST_PLACED) this.#placeNew(last);
    else this.#make(last);
  }

  #make(last: number): void {
    this.#making ??= { last, units: new FirstUnits(last + 1), upTo: 0, steps: null, share: 0 };
    const making = this.#making;
    if (making.upTo < making.last) {
      this.#read(making);
      return;
    }
    making.steps ??= making.units.placing();
    const { done, value } = making.steps.next();
    if (!done) {
      making.share = value;
      return;
    }
    this.#places = value;
    this.#upTo = making.last;
    this.#making = null;
  }

  #read(making: Making): void {
    const to = Math.min(making.last, making.upTo + TEXTS);
    for (const [id, text] of this.#rows.iterate(making.upTo, to)) {
      making.units.set(id, sorted(text));
    }
    making.upTo = to;
  }

  /** Each new text gets its place between two known ones, or that of one that it is like. */
  #placeNew(last: number): void {
    const known = this.#places;
    const ofPlace = new Uint32Array(1 + known.reduce((most, place) => Math.max(most, place), 0));
    for (let id = 0; id < known.length; id++) ofPlace[known[id] as number] = id;
    const letters = (place: number): string => sorted(this.#text.get(ofPlace[place] as number) ?? '');
    const added = Array.from(this.#rows.iterate(this.#upTo, last), ([id, text]) => {
      const key = sorted(text);
      let [low, high] = [1, ofPlace.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (letters(middle) < key) low = middle + 1;
        else high = middle;
      }
      return { id, key, before: low, isKnown: low < ofPlace.length && letters(low) === key };
    });
    added.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
    /** How many new places come before each known one. */
    const moved = new Uint32Array(ofPlace.length);
    const places = new Uint32Array(last + 1);
    let fresh = 0;
    let from = 0;
    for (const [index, { id, key, before, isKnown }] of added.entries()) {
      moved.fill(fresh, from, before);
      from = before;
      if (!isKnown && added[index - 1]?.key !== key) fresh += 1;
      places[id] = before + (isKnown ? fresh : fresh - 1);
    }
    moved.fill(fresh, from);
    for (let id = 0; id < known.length; id++)
      places[id] = (known[id] as number) + (moved[known[id] as number] as number);
    this.#places = places;
    this.#upTo = last;
  }
}
