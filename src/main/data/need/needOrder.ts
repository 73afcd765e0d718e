import { CRITERIA, type Criterion, wantsSmall } from '#core/queueNeed.ts';
import { floatKey, ordered } from '../table/order.ts';
import { KeyCounts } from './KeyCounts.ts';
import type { NeedColumns } from './needColumns.ts';

/** Figures are kept of so many places: nobody gets further before the order is made again. */
const PLACES = 20_000;

export interface NeedOrder {
  readonly ids: Uint32Array;
  /** By place, of the first ones. `first`, `second`: which criteria ask most, from 1. */
  readonly need: NeedColumns & { readonly first: Uint8Array; readonly second: Uint8Array };
}

/** By pair id, as far as criteria were added. */
class Urgencies {
  readonly #sums: Float32Array;
  readonly #counts: Uint8Array;
  readonly #best: Float32Array;
  readonly #secondBest: Float32Array;
  readonly first: Uint8Array;
  readonly second: Uint8Array;

  constructor(size: number) {
    this.#sums = new Float32Array(size);
    this.#counts = new Uint8Array(size);
    this.#best = new Float32Array(size).fill(-1);
    this.#secondBest = new Float32Array(size).fill(-1);
    this.first = new Uint8Array(size);
    this.second = new Uint8Array(size);
  }

  add(id: number, urgency: number, number: number): void {
    this.#sums[id] = (this.#sums[id] as number) + urgency;
    this.#counts[id] = (this.#counts[id] as number) + 1;
    if (urgency > (this.#best[id] as number)) {
      this.#secondBest[id] = this.#best[id] as number;
      this.second[id] = this.first[id] as number;
      this.#best[id] = urgency;
      this.first[id] = number;
    } else if (urgency > (this.#secondBest[id] as number)) {
      this.#secondBest[id] = urgency;
      this.second[id] = number;
    }
  }

  /** The mean of what was added, as a key; 0 where nothing was. */
  keys(ids: Uint32Array): Uint32Array {
    const keys = new Uint32Array(this.#sums.length);
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at] as number;
      const count = this.#counts[id] as number;
      if (count !== 0) keys[id] = floatKey((this.#sums[id] as number) / count);
    }
    return keys;
  }
}

/** Pairs of which something is known, their keys by id, and how often each key occurs; null where they are many. */
interface Known {
  readonly ids: Uint32Array;
  readonly keys: Uint32Array;
  readonly counts: KeyCounts | null;
}
function knownOf(ids: Uint32Array, values: Float32Array): Known {
  const keys = new Uint32Array(values.length);
  const known = new Uint32Array(ids.length);
  let counts: KeyCounts | null = new KeyCounts();
  let count = 0;
  for (let at = 0; at < ids.length; at++) {
    const id = ids[at] as number;
    const value = values[id] as number;
    if (Number.isNaN(value)) continue;
    const key = floatKey(value);
    keys[id] = key;
    known[count] = id;
    count += 1;
    if (counts !== null && !counts.add(key)) counts = null;
  }
  return { ids: known.subarray(0, count), keys, counts };
}

/** Ranks by value, the most wanted first; equal values are equally needed. */
function addCriterion(
  urgencies: Urgencies,
  ids: Uint32Array,
  values: Float32Array,
  criterion: Criterion,
): void {
  const number = 1 + CRITERIA.indexOf(criterion);
  const known = knownOf(ids, values);
  const count = known.ids.length;
  const descending = !wantsSmall(criterion);
  if (known.counts !== null) {
    known.counts.rank(descending);
    for (let at = 0; at < count; at++) {
      const id = known.ids[at] as number;
      urgencies.add(id, 1 - known.counts.rankOf(known.keys[id] as number) / count, number);
    }
    return;
  }
  const inOrder = ordered(known.keys, known.ids, descending);
  let rank = 0;
  for (let place = 0; place < count; place++) {
    const id = inOrder[place] as number;
    if (place > 0 && known.keys[id] !== known.keys[inOrder[place - 1] as number]) rank = place;
    urgencies.add(id, 1 - rank / count, number);
  }
}

function placed<T extends Float32Array | Uint8Array>(values: T, inOrder: Uint32Array): T {
  const first = new (values.constructor as new (length: number) => T)(Math.min(PLACES, inOrder.length));
  for (let place = 0; place < first.length; place++)
    first[place] = values[inOrder[place] as number] as number;
  return first;
}

/** Pairs that a run would learn most from first; `ids` ascending. */
export function needOrder(ids: Uint32Array, columns: NeedColumns, criteria: readonly Criterion[]): NeedOrder {
  const urgencies = new Urgencies(columns.margin.length);
  for (const criterion of criteria) addCriterion(urgencies, ids, columns[criterion], criterion);
  const inOrder = ordered(urgencies.keys(ids), ids, true);
  const figures = Object.fromEntries(
    [...CRITERIA, 'code' as const].map((name) => [name, placed(columns[name], inOrder)]),
  ) as unknown as NeedColumns;
  const asked = { first: placed(urgencies.first, inOrder), second: placed(urgencies.second, inOrder) };
  return { ids: inOrder, need: { ...figures, ...asked } };
}
