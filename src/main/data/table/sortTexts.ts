/** How much of a text says its place: what is alike so far stays in the order in which it came. */
export const UNITS = 32;
/** Texts that are moved between two looks at who else asks: some milliseconds. */
const MOVED_AT_ONCE = 200_000;
const PLACED_AT_ONCE = 50_000;
/** Of the time that both take, about. */
const SORTING = 0.8;
const BYTES_AT_ONCE = 2_000_000;
/** So few are put in order one by one. */
const FEW = 12;

/** The first characters of texts, as many for each: as they are, or in a byte each as long as few different ones come up. */
export class FirstUnits {
  readonly #count: number;
  /** The number of each character, in the order in which they came. */
  readonly #numbers = new Map<number, number>([[0, 0]]);
  #bytes: Uint8Array | null;
  #units: Uint16Array | null = null;

  constructor(count: number) {
    this.#count = count;
    this.#bytes = new Uint8Array(UNITS * count);
  }

  /** Texts come in their order. */
  set(text: number, letters: string): void {
    for (let unit = 0; unit < letters.length; unit++) {
      const at = UNITS * text + unit;
      const character = letters.charCodeAt(unit);
      if (this.#units) this.#units[at] = character;
      else if (!this.#setByte(at, character)) this.#widened(at)[at] = character;
    }
  }

  #setByte(at: number, character: number): boolean {
    const known = this.#numbers.get(character);
    const number = known ?? this.#numbers.size;
    if (number > 255) return false;
    if (known === undefined) this.#numbers.set(character, number);
    (this.#bytes as Uint8Array)[at] = number;
    return true;
  }
  /** Texts come in their order: nothing is there from `end` on. */
  #widened(end: number): Uint16Array {
    const characters = Uint16Array.from(this.#numbers.keys());
    const bytes = this.#bytes as Uint8Array;
    const units = new Uint16Array(bytes.length);
    for (let at = 0; at < end; at++) units[at] = characters[bytes[at] as number] as number;
    this.#units = units;
    this.#bytes = null;
    return units;
  }

  /** Places of the texts; nothing is added any more. Yields how far it is, from 0 to 1. */
  *placing(): Generator<number, Uint32Array> {
    const bytes = this.#bytes;
    if (!bytes) return yield* placing(this.#units as Uint16Array, this.#count);
    const inOrder = [...this.#numbers].sort(([one], [other]) => one - other);
    const ranks = new Uint8Array(256);
    for (const [rank, [, number]] of inOrder.entries()) ranks[number] = rank;
    for (let at = 0; at < bytes.length; at++) {
      bytes[at] = ranks[bytes[at] as number] as number;
      if (at % BYTES_AT_ONCE === BYTES_AT_ONCE - 1) yield 0;
    }
    return yield* placing(bytes, this.#count);
  }
}

/**
 * Places of texts by their first characters, from 1; texts that are alike so far share one. In steps of some milliseconds, which
 * yield how far it is, from 0 to 1.
 */
export function* placing(units: Uint8Array | Uint16Array, count: number): Generator<number, Uint32Array> {
  const order = yield* sorting(units, count);
  const places = new Uint32Array(count);
  let place = 0;
  for (let index = 0; index < count; index++) {
    const text = order[index] as number;
    if (index === 0 || compare(units, order[index - 1] as number, text, 0) !== 0) place += 1;
    places[text] = place;
    if (index % PLACED_AT_ONCE === PLACED_AT_ONCE - 1) yield SORTING + (1 - SORTING) * (index / count);
  }
  return places;
}

function compare(units: Uint8Array | Uint16Array, one: number, other: number, from: number): number {
  for (let unit = from; unit < UNITS; unit++) {
    const difference = (units[one * UNITS + unit] as number) - (units[other * UNITS + unit] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Multikey quicksort (Bentley and Sedgewick, 1997): parts texts by one character, then those that share it by the next. */
function* sorting(units: Uint8Array | Uint16Array, count: number): Generator<number, Uint32Array> {
  const order = new Uint32Array(count);
  for (let index = 0; index < count; index++) order[index] = index;
  const open: [start: number, end: number, unit: number][] = [[0, count, 0]];
  let moved = 0;
  /** Texts that stand where they stay. */
  let placed = 0;
  for (let range = open.pop(); range; range = open.pop()) {
    const [start, end, unit] = range;
    moved += end - start;
    if (end - start <= FEW) {
      sortFew(units, order, start, end, unit);
      placed += end - start;
    } else {
      const [less, more] = part(units, order, start, end, unit);
      open.push([start, less, unit], [more, end, unit]);
      if (unit + 1 < UNITS) open.push([less, more, unit + 1]);
      else placed += more - less;
    }
    if (moved < MOVED_AT_ONCE) continue;
    moved = 0;
    yield SORTING * (placed / count);
  }
  return order;
}

/** Puts the texts with a smaller character first, those with a larger one last; gives the ends of the middle. */
function part(
  units: Uint8Array | Uint16Array,
  order: Uint32Array,
  start: number,
  end: number,
  unit: number,
): [less: number, more: number] {
  const at = (place: number): number => units[(order[place] as number) * UNITS + unit] as number;
  const [one, two, three] = [at(start), at((start + end) >> 1), at(end - 1)];
  const pivot = Math.max(Math.min(one, two), Math.min(Math.max(one, two), three));
  let less = start;
  let more = end;
  for (let next = start; next < more; ) {
    const text = order[next] as number;
    const character = units[text * UNITS + unit] as number;
    if (character === pivot) next += 1;
    else if (character < pivot) {
      order[next] = order[less] as number;
      order[less] = text;
      less += 1;
      next += 1;
    } else {
      more -= 1;
      order[next] = order[more] as number;
      order[more] = text;
    }
  }
  return [less, more];
}

function sortFew(
  units: Uint8Array | Uint16Array,
  order: Uint32Array,
  start: number,
  end: number,
  unit: number,
): void {
  for (let next = start + 1; next < end; next++) {
    const text = order[next] as number;
    let at = next;
    for (; at > start && compare(units, order[at - 1] as number, text, unit) > 0; at--)
      order[at] = order[at - 1] as number;
    order[at] = text;
  }
}
