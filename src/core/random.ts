/**
 * Counter-based random numbers: any draw is a pure function of (seed, stream, counter), so the noise of any
 * step can be made again after a restart. Philox4x32-10, Salmon et al. 2011, "Parallel random numbers: as easy
 * as 1, 2, 3".
 */

/** Names one independent sequence: `stream` says what the noise is for, `counter` which step or item. */
export interface NoiseKey {
  readonly seed: number;
  readonly stream: string;
  readonly counter: number;
}

type Words4 = readonly [number, number, number, number];

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const KEY_STEP_0 = 0x9e3779b9;
const KEY_STEP_1 = 0xbb67ae85;
const ROUNDS = 10;
const TWO_POW_32 = 2 ** 32;

/** Upper 32 bits of the product of two unsigned 32-bit integers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0;
}

/** One Philox4x32-10 block: four unsigned 32-bit words from a 128-bit counter and a 64-bit key. */
export function philox4x32(counter: Words4, key: readonly [number, number]): Words4 {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0) >>> 0;
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c1 = low1;
    c3 = low0;
    k0 = (k0 + KEY_STEP_0) >>> 0;
    k1 = (k1 + KEY_STEP_1) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** FNV-1a over UTF-16 code units, 32 bits: names to key words. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** Draws one after another from the sequence that a key names. */
export interface RandomSource {
  /** Unsigned 32-bit word. */
  word(): number;
  /** In the open interval (0, 1). */
  uniform(): number;
  /** In 0 … bound − 1, without modulo bias. */
  integer(bound: number): number;
  /** Standard normal, by Box–Muller. */
  normal(): number;
  /** Standard Gumbel: −log(−log u). */
  gumbel(): number;
  /** One of the items, which must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** A shuffled copy (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[];
}

export function randomSource({ seed, stream, counter }: NoiseKey): RandomSource {
  const key: readonly [number, number] = [seed >>> 0, hash32(stream)];
  const counterLow = counter >>> 0;
  const counterHigh = Math.floor(counter / TWO_POW_32) >>> 0;
  let block = 0;
  let words: Words4 = [0, 0, 0, 0];
  let used = 4;
  let spareNormal: number | null = null;

  const word = (): number => {
    if (used === 4) {
      words = philox4x32([block >>> 0, Math.floor(block / TWO_POW_32), counterLow, counterHigh], key);
      block += 1;
      used = 0;
    }
    return words[used++] as number;
  };
  const uniform = (): number => (word() + 0.5) / TWO_POW_32;
  const integer = (bound: number): number => {
    if (!(bound >= 1 && bound <= TWO_POW_32)) throw new RangeError(`bound must be 1 … 2^32, not ${bound}`);
    const limit = TWO_POW_32 - (TWO_POW_32 % bound);
    let draw = word();
    while (draw >= limit) draw = word();
    return draw % bound;
  };
  const normal = (): number => {
    if (spareNormal !== null) {
      const spare = spareNormal;
      spareNormal = null;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return {
    word,
    uniform,
    integer,
    normal,
    gumbel: () => -Math.log(-Math.log(uniform())),
    pick<T>(items: readonly T[]): T {
      return items[integer(items.length)] as T;
    },
    shuffle<T>(items: readonly T[]): T[] {
      const shuffled = [...items];
      for (let index = shuffled.length - 1; index > 0; index--) {
        const other = integer(index + 1);
        const held = shuffled[index] as T;
        shuffled[index] = shuffled[other] as T;
        shuffled[other] = held;
      }
      return shuffled;
    },
  };
}

function filled(count: number, draw: () => number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(count);
  for (let index = 0; index < count; index++) values[index] = draw();
  return values;
}

/** `count` values, uniform in [low, high]. */
export function uniforms(key: NoiseKey, count: number, low = 0, high = 1): Float32Array<ArrayBuffer> {
  const source = randomSource(key);
  return filled(count, () => low + (high - low) * source.uniform());
}

/** `count` normal values with mean 0. */
export function normals(key: NoiseKey, count: number, std = 1): Float32Array<ArrayBuffer> {
  const source = randomSource(key);
  return filled(count, () => std * source.normal());
}

/** `count` standard Gumbel values. */
export function gumbels(key: NoiseKey, count: number): Float32Array<ArrayBuffer> {
  const source = randomSource(key);
  return filled(count, source.gumbel);
}

/** A shuffled copy of the items. */
export function shuffle<T>(key: NoiseKey, items: readonly T[]): T[] {
  return randomSource(key).shuffle(items);
}
