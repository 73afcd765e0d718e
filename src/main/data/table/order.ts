import { allSteps } from './Part.ts';

/** Room for `size` values, with those that were there. */
export function grown<T extends Uint8Array | Uint16Array | Uint32Array>(values: T, size: number): T {
  if (values.length >= size) return values;
  const larger = new (values.constructor as new (length: number) => T)(size);
  larger.set(values);
  return larger;
}

/** Larger for a larger number, as 32 bits (of its nearest 32-bit float); never 0. */
const float = new Float32Array(1);
const itsBits = new Uint32Array(float.buffer);
export function floatKey(value: number): number {
  float[0] = value;
  const bits = itsBits[0] as number;
  return Math.max(1, (bits & 0x80000000) !== 0 ? ~bits >>> 0 : (bits | 0x80000000) >>> 0);
}

const HALF = 65_536;

/** Ids between two looks at who else asks: some milliseconds. */
const IDS_AT_ONCE = 100_000;

/** One stable pass of a radix sort, by the upper or the lower half of each key. */
function* pass(keys: Uint32Array, from: Uint32Array, to: Uint32Array, shift: 0 | 16): Generator<void, void> {
  const starts = new Uint32Array(HALF + 1);
  for (let at = 0; at < from.length; at++) {
    const digit = (((keys[from[at] as number] as number) >>> shift) & 0xffff) + 1;
    starts[digit] = (starts[digit] as number) + 1;
    if (at % IDS_AT_ONCE === IDS_AT_ONCE - 1) yield;
  }
  for (let digit = 1; digit <= HALF; digit++) {
    starts[digit] = (starts[digit] as number) + (starts[digit - 1] as number);
  }
  for (let at = 0; at < from.length; at++) {
    const place = from[at] as number;
    const digit = ((keys[place] as number) >>> shift) & 0xffff;
    const next = starts[digit] as number;
    starts[digit] = next + 1;
    to[next] = place;
    if (at % IDS_AT_ONCE === IDS_AT_ONCE - 1) yield;
  }
}

/** The ids by their keys, equal ones as they come. Key 0, of what is not known, is last in both directions. */
export const ordered = (keys: Uint32Array, ids: Uint32Array, descending: boolean): Uint32Array =>
  allSteps(ordering(keys, ids, descending));

/** The same in steps of some milliseconds. */
export function* ordering(
  keys: Uint32Array,
  ids: Uint32Array,
  descending: boolean,
): Generator<void, Uint32Array> {
  // In ascending order 0 becomes the largest of all; in descending order it is the largest already.
  const by = descending ? keys.map((key) => ~key >>> 0) : keys.map((key) => (key - 1) >>> 0);
  yield;
  const once = new Uint32Array(ids.length);
  const twice = new Uint32Array(ids.length);
  yield* pass(by, ids, once, 0);
  yield* pass(by, once, twice, 16);
  return twice;
}

/** Places of the texts in their order, from 1; equal texts share one. */
export function ranksOf(texts: Iterable<string>): Map<string, number> {
  const { compare } = new Intl.Collator('en', { numeric: true });
  return new Map([...new Set(texts)].sort(compare).map((text, index) => [text, index + 1]));
}
