/** Finds texts that share most of their windows: candidates by MinHash and bands, each one checked exactly. Pure. */
import { Groups } from './Groups.ts';
import { BINS, bandHashes, bandsFor, minHash } from './MinHash.ts';
import { jaccard, mix, normalised, windowsOf } from './shingles.ts';

export interface NearDuplicatesOptions {
  readonly count: number;
  /** Least share of windows in common. */
  readonly threshold: number;
  /** The text of an item, from 0; asked for again where it is compared. */
  readonly text: (item: number) => string;
  /** Called now and then with the share that is done. */
  readonly tick: (share: number) => void;
}
export interface NearDuplicatesFound {
  readonly groups: readonly (readonly number[])[];
  /** By item: what it shares with the member that it was found to be like; 1 for a group's first. */
  readonly similarity: Float32Array;
}

/** Texts of one bucket that an item is compared with, when none is like it; other buckets bring it to others. */
const MOST_COMPARED = 32;
const KEPT_TEXTS = 4096;
/** Comparisons that are not made twice. */
const MOST_UNLIKE = 200_000;
const TICK_ITEMS = 256;

interface Known {
  readonly text: string;
  windows: Uint32Array | null;
}

/** Texts as they were last needed. */
class Texts {
  readonly #read: (item: number) => string;
  readonly #kept = new Map<number, Known>();

  constructor(read: (item: number) => string) {
    this.#read = read;
  }

  #known(item: number): Known {
    const kept = this.#kept.get(item);
    if (kept) return kept;
    if (this.#kept.size >= KEPT_TEXTS) this.#kept.clear();
    const known = { text: normalised(this.#read(item)), windows: null };
    this.#kept.set(item, known);
    return known;
  }

  similarity(one: number, other: number): number {
    const [a, b] = [this.#known(one), this.#known(other)];
    if (a.text === b.text) return 1;
    a.windows ??= windowsOf(a.text);
    b.windows ??= windowsOf(b.text);
    return jaccard(a.windows, b.windows);
  }
}

/** Where most of the time goes: reading and signing all texts, or comparing candidates. */
const SIGNING_SHARE = 0.6;

export function nearDuplicates({ count, threshold, text, tick }: NearDuplicatesOptions): NearDuplicatesFound {
  const bands = bandsFor(threshold);
  const hashes = new Uint32Array(bands.bands * count);
  const isEmpty = new Uint8Array(count);
  const signature = new Uint32Array(BINS);
  for (let item = 0; item < count; item++) {
    if (item % TICK_ITEMS === 0) tick((SIGNING_SHARE * item) / count);
    const read = normalised(text(item));
    isEmpty[item] = read === '' ? 1 : 0;
    minHash(read, signature);
    bandHashes(signature, bands, hashes, item * bands.bands);
  }
  const groups = new Groups(count);
  const similarity = new Float32Array(count).fill(1);
  const texts = new Texts(text);
  const unlike = new Set<number>();
  const near = (one: number, other: number): boolean => {
    const key = one * count + other;
    if (unlike.has(key)) return false;
    const shared = texts.similarity(one, other);
    if (shared >= threshold) {
      if (similarity[one] === 1) similarity[one] = shared;
      return true;
    }
    if (unlike.size > MOST_UNLIKE) unlike.clear();
    unlike.add(key);
    return false;
  };
  const size = 2 ** Math.ceil(Math.log2(Math.max(2, 2 * count)));
  const heads = new Int32Array(size);
  const next = new Int32Array(count);
  for (let band = 0; band < bands.bands; band++) {
    heads.fill(-1);
    for (let item = 0; item < count; item++) {
      if (item % TICK_ITEMS === 0)
        tick(SIGNING_SHARE + ((1 - SIGNING_SHARE) * (band + item / count)) / bands.bands);
      if (isEmpty[item] === 1) continue;
      const hash = hashes[item * bands.bands + band] as number;
      const slot = mix(hash) & (size - 1);
      let isKnown = false;
      let compared = 0;
      for (let other = heads[slot] as number; other >= 0; other = next[other] as number) {
        if (hashes[other * bands.bands + band] !== hash) continue;
        isKnown = groups.of(item) === groups.of(other);
        if (isKnown) break;
        isKnown = near(item, other);
        if (isKnown) groups.join(item, other);
        compared += 1;
        if (isKnown || compared === MOST_COMPARED) break;
      }
      if (isKnown || compared === MOST_COMPARED) continue;
      next[item] = heads[slot] as number;
      heads[slot] = item;
    }
  }
  return { groups: groups.list(), similarity };
}
