/** The nearest rows of each row: all pairs where there are few, else NN-descent (Dong et al. 2011) from random trees. */
import { countOf, LayoutRandom, type Points, squaredDistance, type Tick } from './points.ts';

/** Nearest first, a row never among its own. */
export interface Neighbours {
  readonly k: number;
  /** Rows × k. */
  readonly ids: Int32Array;
  /** Rows × k, squared Euclidean. */
  readonly distances: Float32Array;
}

const EXACT_MOST = 3000;
const TREES = 4;
const LEAF = 32;
const ROUNDS = 8;
const CANDIDATES = 24;
/** Rounds end once fewer than this share of neighbours change. */
const SETTLED = 0.002;
const ROWS_A_TICK = 256;

class Lists {
  readonly ids: Int32Array;
  readonly distances: Float32Array;
  readonly fresh: Uint8Array;
  readonly k: number;

  constructor(count: number, k: number) {
    this.k = k;
    this.ids = new Int32Array(count * k).fill(-1);
    this.distances = new Float32Array(count * k).fill(Number.POSITIVE_INFINITY);
    this.fresh = new Uint8Array(count * k);
  }

  /** 1 where it became one of the row's neighbours. */
  offer(row: number, id: number, distance: number): 0 | 1 {
    const { ids, distances, fresh, k } = this;
    const first = row * k;
    let at = first + k - 1;
    if (distance >= (distances[at] as number)) return 0;
    for (let place = first; place <= at; place++) if (ids[place] === id) return 0;
    while (at > first && (distances[at - 1] as number) > distance) {
      ids[at] = ids[at - 1] as number;
      distances[at] = distances[at - 1] as number;
      fresh[at] = fresh[at - 1] as number;
      at -= 1;
    }
    ids[at] = id;
    distances[at] = distance;
    fresh[at] = 1;
    return 1;
  }
}

function offerBoth(points: Points, lists: Lists, a: number, b: number): number {
  if (a === b) return 0;
  const distance = squaredDistance(points, a, b);
  return lists.offer(a, b, distance) + lists.offer(b, a, distance);
}

function exact(points: Points, lists: Lists, tick: () => void): void {
  const count = countOf(points);
  for (let a = 0; a < count; a++) {
    if (a % ROWS_A_TICK === 0) tick();
    for (let b = a + 1; b < count; b++) offerBoth(points, lists, a, b);
  }
}

/** Splits rows by the plane between two of them until leaves are small; rows of a leaf are offered to each other. */
function tree(points: Points, lists: Lists, random: LayoutRandom, tick: () => void): void {
  const order = Int32Array.from({ length: countOf(points) }, (_, row) => row);
  const open: [from: number, to: number][] = [[0, order.length]];
  for (let range = open.pop(), split = 0; range; range = open.pop(), split++) {
    const [from, to] = range;
    if (split % 64 === 0) tick();
    if (to - from <= LEAF) {
      for (let a = from; a < to; a++)
        for (let b = from; b < a; b++) offerBoth(points, lists, order[a] as number, order[b] as number);
      continue;
    }
    const left = order[from + random.whole(to - from)] as number;
    const right = order[from + random.whole(to - from)] as number;
    let low = from;
    let high = to;
    while (low < high) {
      const row = order[low] as number;
      const nearer = squaredDistance(points, row, left) - squaredDistance(points, row, right);
      // Equal rows go to either side, so that a heap of duplicates is split too.
      if (nearer < 0 || (nearer === 0 && random.whole(2) === 0)) low += 1;
      else {
        high -= 1;
        order[low] = order[high] as number;
        order[high] = row;
      }
    }
    const middle = low === from || low === to ? (from + to) >> 1 : low;
    open.push([from, middle], [middle, to]);
  }
}

/** Puts a row into one of the list's places, or by chance over one that is there. */
function draw(list: Int32Array, sizes: Int32Array, to: number, id: number, random: LayoutRandom): void {
  const seen = sizes[to] as number;
  sizes[to] = seen + 1;
  const place = seen < CANDIDATES ? seen : random.whole(seen + 1);
  if (place < CANDIDATES) list[to * CANDIDATES + place] = id;
}

/** One round: neighbours of neighbours are offered. Gives how many became neighbours. */
function descend(points: Points, lists: Lists, random: LayoutRandom, tick: () => void): number {
  const count = countOf(points);
  const { ids, fresh, k } = lists;
  const young = new Int32Array(count * CANDIDATES);
  const old = new Int32Array(count * CANDIDATES);
  const youngSizes = new Int32Array(count);
  const oldSizes = new Int32Array(count);
  for (let place = 0; place < ids.length; place++) {
    const row = Math.floor(place / k);
    const id = ids[place] as number;
    if (id < 0) continue;
    const isNew = fresh[place] === 1;
    draw(isNew ? young : old, isNew ? youngSizes : oldSizes, row, id, random);
    draw(isNew ? young : old, isNew ? youngSizes : oldSizes, id, row, random);
    fresh[place] = 0;
  }
  let changed = 0;
  for (let row = 0; row < count; row++) {
    if (row % ROWS_A_TICK === 0) tick();
    const first = row * CANDIDATES;
    const news = Math.min(CANDIDATES, youngSizes[row] as number);
    const olds = Math.min(CANDIDATES, oldSizes[row] as number);
    for (let a = 0; a < news; a++) {
      const id = young[first + a] as number;
      for (let b = 0; b < a; b++) changed += offerBoth(points, lists, id, young[first + b] as number);
      for (let b = 0; b < olds; b++) changed += offerBoth(points, lists, id, old[first + b] as number);
    }
  }
  return changed;
}

/** `wanted` neighbours of each row, or as many as there are. The same seed gives the same ones. */
export function nearestNeighbours(points: Points, wanted: number, seed: number, tick: Tick): Neighbours {
  const count = countOf(points);
  const k = Math.max(0, Math.min(wanted, count - 1));
  const lists = new Lists(count, k);
  if (k === 0) return { k, ids: lists.ids, distances: lists.distances };
  if (count <= EXACT_MOST) exact(points, lists, () => tick(0, 1));
  else {
    const random = new LayoutRandom(seed);
    const total = TREES + ROUNDS;
    for (let at = 0; at < TREES; at++) tree(points, lists, random, () => tick(at, total));
    for (let round = 0; round < ROUNDS; round++) {
      const changed = descend(points, lists, random, () => tick(TREES + round, total));
      if (changed < SETTLED * count * k) break;
    }
    // Equal rows can end with too few different ones: what is missing is filled, so that each row has k.
    for (let row = 0; row < count; row++)
      while ((lists.ids[row * k + k - 1] as number) < 0) {
        const other = random.whole(count);
        if (other !== row) lists.offer(row, other, squaredDistance(points, row, other));
      }
  }
  tick(1, 1);
  return { k, ids: lists.ids, distances: lists.distances };
}
