/** Pairs of a queue in the order that was asked for. Lives in the process that reads. */

import { CRITERIA, type Criterion, type NeedFigures } from '#core/queueNeed.ts';
import { hash32, randomSource } from '#core/random.ts';
import type { QueueOrder } from '#shared/queueOrder.ts';
import type { Database } from './database.ts';
import { LabelTallies } from './need/LabelTallies.ts';
import { needColumns } from './need/needColumns.ts';
import { type NeedOrder, needOrder } from './need/needOrder.ts';
import { type NeedOf, RunFigures, storedFigures } from './need/RunFigures.ts';
import { LAST_VISIBLE } from './search/searchTable.ts';
import { ordered } from './table/order.ts';
import { PairColumns } from './table/PairColumns.ts';

/** Pairs in their order, and beside each what is to be said of it. */
export interface OrderedColumns {
  readonly ids: Uint32Array;
  readonly labels: Uint16Array | null;
  readonly need: NeedOrder['need'] | null;
}

const KEPT = 2;

type ByNeed = Extract<QueueOrder, { by: 'need' }>;

export class QueueOrders {
  readonly #database: Database;
  readonly #pairs: PairColumns;
  readonly #lastPair;
  readonly #labels;
  readonly #newestRun;
  readonly #stored;
  readonly #tallies: LabelTallies;
  readonly #figures = new Map<string, RunFigures>();

  constructor(database: Database) {
    this.#database = database;
    this.#pairs = new PairColumns(database);
    // Pairs of an import that is under way may be taken back, and others get their ids.
    this.#lastPair = database.prepare<[], number>(LAST_VISIBLE).pluck();
    this.#newestRun = database
      .prepare<[], number>(
        'SELECT run_id FROM checkpoint_figures WHERE prompts > 0 ORDER BY run_id DESC LIMIT 1',
      )
      .pluck();
    this.#stored = storedFigures(database);
    this.#tallies = new LabelTallies(database);
    this.#labels = database
      .prepare<[], [number, number]>(
        `SELECT pair_id, count(*) FROM standing
         WHERE person = 1 AND decision <> 'skip' GROUP BY pair_id`,
      )
      .raw();
  }

  /** `ids` ascending. */
  order(order: QueueOrder, ids: Uint32Array): OrderedColumns {
    if (order.by === 'random') return { ids: shuffled(ids, order.seed), labels: null, need: null };
    const size = 1 + Math.max(this.#lastPair.get() as number, ids.at(-1) ?? 0);
    if (order.by === 'least') return this.#leastLabelled(ids, size);
    this.#pairs.refresh(this.#lastPair.get() as number, size);
    if (order.by === 'sources') return { ids: this.#inShares(ids, order.shares), labels: null, need: null };
    return this.#byNeed(ids, size, order);
  }

  #leastLabelled(ids: Uint32Array, size: number): OrderedColumns {
    const keys = new Uint32Array(size).fill(1);
    for (const [pairId, count] of this.#labels.iterate()) if (pairId < size) keys[pairId] = 1 + count;
    const inOrder = ordered(keys, ids, false);
    return { ids: inOrder, labels: Uint16Array.from(inOrder, (id) => (keys[id] as number) - 1), need: null };
  }

  /** Each pair goes to the source that lacks most of its share so far. */
  #inShares(ids: Uint32Array, shares: readonly { sourceId: number; share: number }[]): Uint32Array {
    const { source } = this.#pairs;
    const queues = shares.map(({ sourceId, share }) => ({ sourceId, share, ids: [] as number[], at: 0 }));
    const bySource = new Map(queues.map((queue) => [queue.sourceId, queue]));
    const rest: number[] = [];
    for (const id of ids) (bySource.get(source[id] as number)?.ids ?? rest).push(id);
    const inOrder = new Uint32Array(ids.length);
    const shared = ids.length - rest.length;
    for (let place = 0; place < shared; place++) {
      let next: (typeof queues)[number] | null = null;
      for (const queue of queues) {
        if (queue.at === queue.ids.length) continue;
        if (next === null || (queue.at + 1) / queue.share < (next.at + 1) / next.share) next = queue;
      }
      if (next === null) break;
      inOrder[place] = next.ids[next.at] as number;
      next.at += 1;
    }
    inOrder.set(rest, shared);
    return inOrder;
  }

  #byNeed(ids: Uint32Array, size: number, { runId, need, checkpoint }: ByNeed): OrderedColumns {
    const figures = this.#figuresOf({ runId, checkpoint });
    while (!figures.isWhole) figures.step();
    this.#tallies.refresh(this.#lastPair.get() as number, size);
    const columns = needColumns(figures, this.#tallies, this.#pairs.prompt, size);
    return { ...needOrder(ids, columns, need === 'any' ? CRITERIA : [need]), labels: null };
  }

  #figuresOf(of: NeedOf): RunFigures {
    const stored = this.#stored(of);
    const key = `${of.runId} ${of.checkpoint}`;
    const known = this.#figures.get(key);
    if (known?.state === stored.state) return known;
    if (this.#figures.size >= KEPT) this.#figures.clear();
    const figures = new RunFigures(this.#database, of.runId, stored);
    this.#figures.set(key, figures);
    return figures;
  }

  /** Reads a piece of what a queue by need of the newest run will need; false when all of it is there. */
  readAhead(): boolean {
    const runId = this.#newestRun.get();
    if (runId === undefined) return false;
    const last = this.#lastPair.get() as number;
    if (this.#pairs.isBehind(last)) {
      this.#pairs.step(last, last + 1);
      return true;
    }
    const figures = this.#figuresOf({ runId, checkpoint: undefined });
    if (!figures.isWhole) figures.step();
    else if (this.#tallies.isBehind(last)) this.#tallies.step(last, last + 1);
    else return false;
    return true;
  }
}

/** The same for the same seed and pairs; a new pair moves no other. */
function shuffled(ids: Uint32Array, seed: number): Uint32Array {
  const last = ids.at(-1) ?? 0;
  const keys = new Uint32Array(1 + last);
  const salt = hash32(`queue.${randomSource({ seed, stream: 'queue', counter: 0 }).word()}`);
  for (const id of ids) keys[id] = Math.max(1, mixed(id ^ salt));
  return ordered(keys, ids, false);
}
/** A bijection of 32-bit numbers that leaves no trace of their order (the finaliser of MurmurHash3). */
function mixed(value: number): number {
  let bits = value >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35) >>> 0;
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** What is said of a pair at a place of its queue. */
export function figuresAt(need: NonNullable<OrderedColumns['need']>, place: number): NeedFigures {
  const known = (value: number | undefined): number | null =>
    value === undefined || Number.isNaN(value) ? null : value;
  return {
    margin: known(need.margin[place]),
    entropy: known(need.entropy[place]),
    gap: known(need.gap[place]),
    code: known(need.code[place]),
    codeLabels: known(need.codes[place]),
    disagreement: known(need.disagreement[place]),
  };
}
/** The criteria that ask most for it, the stronger first. */
export const criteriaAt = (need: NonNullable<OrderedColumns['need']>, place: number): Criterion[] =>
  [need.first[place], need.second[place]].flatMap((number) => CRITERIA[(number ?? 0) - 1] ?? []);
