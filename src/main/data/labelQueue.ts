import type { Statement } from 'better-sqlite3';
import type { Verdict } from '#core/preference.ts';
import type { QueueScope } from '#shared/entities.ts';
import { STANDING_VERDICT } from './annotations.ts';
import type { Database } from './database.ts';
import { notGold } from './goldTable.ts';
import { inUse, leftOutPairs } from './marks/LeftOut.ts';
import { FIRST } from './marks/markTable.ts';
import { orderedWalk } from './orderedWalk.ts';
import { COUNT_PAIRS, OWN } from './pairRows.ts';
import type { OrderedColumns } from './queueOrders.ts';
import { FreedPairs, type Room, withRoom } from './sharedPairs.ts';
import { steady } from './steady.ts';

const LIMIT = `LIMIT ${steady('@limit')}`;
/** Pairs that a person had a policy write, for this: they are wanted before what merely came in with a file. */
export const NEXT_WRITTEN = `SELECT pair_origins.pair_id FROM pair_origins WHERE NOT EXISTS (
  SELECT 1 FROM standing WHERE standing.pair_id = pair_origins.pair_id AND standing.annotator_id = @annotatorId
) AND pair_id NOT IN (SELECT pair_id FROM set_aside)
  AND ${inUse('pair_id')} AND ${notGold('pair_origins.pair_id')} ORDER BY pair_origins.pair_id ${LIMIT}`;
/** Pairs that a person sent to the queue, before any others. */
export const NEXT_FIRST = `SELECT pairs.id FROM marked_pairs CROSS JOIN all_pairs AS pairs
  ON pairs.id BETWEEN 32 * word AND 32 * word + 31 AND (marked_pairs.bits >> (pairs.id & 31)) & 1
  WHERE mark_id = ${FIRST} AND word >= @from AND ${inUse('pairs.id')} AND ${notGold('pairs.id')}
  AND NOT EXISTS (${OWN}) ORDER BY word, pairs.id ${LIMIT}`;
/** Of the stored pairs, since a view's own limit would take the place of the one that ends the range. */
const RANGE = `FROM stored_pairs AS pairs
  WHERE pairs.id > @after AND pairs.id <= @last AND pairs.id NOT IN (SELECT pair_id FROM set_aside)`;
/** Open pairs of a range, in their order. */
export const nextSql = (open: string) =>
  `SELECT pairs.id ${RANGE} AND ${inUse('pairs.id')} AND ${open} ORDER BY pairs.id ${LIMIT}`;
/** Pairs of a range, those that are left out with them. */
export const BETWEEN = `SELECT count(*) ${RANGE}`;

/** Which pairs a queue is kept to, where it is. */
export type QueueFilter = NonNullable<QueueScope['filter']>;
/** Only the process that reads knows the pairs of a text or of conditions. */
export const isLookedUp = ({ text, sourceId, where = {} }: QueueFilter): boolean =>
  text.trim() !== '' || sourceId !== null || Object.keys(where).length > 0;
export const OWN_DECISIONS =
  'SELECT pair_id AS pairId, decision FROM standing WHERE person = 1 AND annotator_id = @annotatorId';

const UNDECIDED = `NOT EXISTS (${OWN})`;

/** Which pairs of the scope come up: those of which this is true. */
function openCondition({ filter, includeSkipped }: QueueScope): string {
  if (filter?.status === 'labelled') return `EXISTS (${OWN} AND standing.decision <> 'skip')`;
  if (filter?.status === 'skipped') return `EXISTS (${OWN} AND standing.decision = 'skip')`;
  const open = includeSkipped ? `NOT EXISTS (${OWN} AND standing.decision <> 'skip')` : UNDECIDED;
  // Known pairs come at places of their own: see `withGold`.
  return filter === null ? `${notGold('pairs.id')} AND ${open}` : open;
}

/** The same of a verdict that was read. */
function isOpen({ filter, includeSkipped }: QueueScope, verdict: Verdict | null): boolean {
  if (filter?.status === 'labelled') return verdict !== null && verdict !== 'skip';
  if (filter?.status === 'skipped') return verdict === 'skip';
  return verdict === null || (includeSkipped && verdict === 'skip');
}

export interface ScopeCounts {
  readonly total: number;
  readonly decided: number;
  readonly skipped: number;
}

interface Ends {
  /** Ids of the first pair and of the last that is visible, and how many are set aside. */
  readonly first: number;
  readonly last: number;
  readonly setAside: number;
}
type Decided = Omit<ScopeCounts, 'total'>;
/** What was looked up of a queue's pairs; see `OpenProject.lookUpQueue`. */
export interface QueuePairs {
  readonly found: (filter: QueueFilter, annotatorId: number) => Uint32Array;
  /** Null where the order is that of the import. */
  readonly ordered: (scope: QueueScope, annotatorId: number) => OrderedColumns | null;
  /** Whether a pair's answer is known: it comes beside the queue of the whole project. */
  readonly isGold: (pairId: number) => boolean;
  /** Whether a pair that somebody has not decided has room for a label of theirs; null where each person labels every pair. */
  readonly room: () => Room | null;
}
/** Which pairs an annotator decides next, and how many there are. */
export function labelQueue(database: Database, { found: foundIds, ordered, isGold, room }: QueuePairs) {
  const nextWritten = database
    .prepare<[{ annotatorId: number; limit: number }], number>(NEXT_WRITTEN)
    .pluck();
  const setAsideUpTo = database
    .prepare<[{ id: number }], number>('SELECT count(*) FROM set_aside WHERE pair_id <= @id')
    .pluck();
  const setAsideDecided = database.prepare<[{ annotatorId: number }], Decided>(
    `SELECT count(*) AS decided, coalesce(sum(standing.decision = 'skip'), 0) AS skipped
     FROM set_aside CROSS JOIN standing USING (pair_id) WHERE annotator_id = ${steady('@annotatorId')}`,
  );
  const decidedOf = database.prepare<[{ annotatorId: number }], Decided>(
    `SELECT (SELECT count(*) FROM standing WHERE person = 1 AND annotator_id = @annotatorId) AS decided,
       (SELECT count(*) FROM standing WHERE person = 1 AND annotator_id = @annotatorId AND decision = 'skip') AS skipped`,
  );
  const betweenIds = database.prepare<[{ after: number; last: number }], number>(BETWEEN).pluck();
  const standing = database
    .prepare<[{ pairId: number; annotatorId: number }], Verdict>(STANDING_VERDICT)
    .pluck();
  const own = database.prepare<[{ annotatorId: number }], { pairId: number; decision: Verdict }>(
    OWN_DECISIONS,
  );
  const ends = database.prepare<[], Ends>(
    `SELECT coalesce((SELECT min(id) FROM stored_pairs), 1) AS first, coalesce((
       SELECT max(id) FROM stored_pairs WHERE id <= (SELECT last_pair FROM visible)), 0) AS last,
       (SELECT count(*) FROM set_aside) AS setAside`,
  );
  const leftOut = leftOutPairs(database);
  const firstVersion = database.prepare<[], number>(`SELECT version FROM marks WHERE id = ${FIRST}`).pluck();
  /** What somebody decided of pairs that are left out. */
  const decidedLeftOut = new Map<number, Decided & { readonly version: number }>();
  const nextFirst = database
    .prepare<[{ annotatorId: number; from: number; limit: number }], number>(NEXT_FIRST)
    .pluck();
  /** Everything up to this pair is decided: a queue of a million need not be walked from its start each time. */
  const decidedUpTo = new Map<number, number>();
  const countPairs = database.prepare<[], number>(COUNT_PAIRS).pluck();
  const walk = orderedWalk((pairId, annotatorId) => standing.get({ pairId, annotatorId }) ?? null);
  let leftOutVersion = -1;
  /** Had all their labels, and lost one since: looked at before the pairs that `decidedUpTo` leaves. */
  const freed = new FreedPairs();
  /** Where an annotator's first open pair is among those that were sent to the queue. */
  const firstFrom = new Map<number, { readonly version: number; readonly word: number }>();

  /** What was left out may be back: nothing that was passed over is known any more. */
  function noteLeftOut(): void {
    const version = leftOut.version();
    if (version === leftOutVersion) return;
    leftOutVersion = version;
    forget();
  }

  function forget(): void {
    decidedUpTo.clear();
    firstFrom.clear();
    freed.clear();
  }

  function sentFirst(annotatorId: number, limit: number): number[] {
    const version = firstVersion.get() as number;
    const before = firstFrom.get(annotatorId);
    const from = before?.version === version ? before.word : 0;
    const ids = nextFirst.all({ annotatorId, from, limit });
    firstFrom.set(annotatorId, { version, word: ids[0] === undefined ? from : ids[0] >> 5 });
    return ids;
  }

  const range = (): Ends => ends.get() as Ends;
  const between = (after: number, last: number): number => betweenIds.get({ after, last }) as number;
  /** By condition: each verdict asks one of a few. */
  const openBy = new Map<string, Statement<[object], number>>();
  const openStatement = (condition: string): Statement<[object], number> => {
    const known = openBy.get(condition) ?? database.prepare<[object], number>(nextSql(condition)).pluck();
    openBy.set(condition, known);
    return known;
  };
  const open = (scope: QueueScope, annotatorId: number, after: number, last: number, limit: number) =>
    openStatement(openCondition(scope)).all({ annotatorId, after, last, limit });

  function openIds(scope: QueueScope, annotatorId: number, after: number, last: number): Iterable<number> {
    return database
      .prepare<[object], number>(nextSql(openCondition(scope)))
      .pluck()
      .iterate({ annotatorId, after, last, limit: -1 });
  }

  /** Null for the whole project: its pairs are a range. */
  const found = ({ filter }: QueueScope, annotatorId: number): Uint32Array | null =>
    filter === null || !isLookedUp(filter) ? null : foundIds(filter, annotatorId);

  const total = (): number => (countPairs.get() as number) - leftOut.count();

  function ownLeftOut(annotatorId: number): Decided {
    if (leftOut.count() === 0) return NONE;
    const before = decidedLeftOut.get(annotatorId);
    const version = leftOut.version();
    if (before?.version === version) return before;
    const decided = own.all({ annotatorId }).filter(({ pairId }) => leftOut.has(pairId));
    const skipped = decided.filter(({ decision }) => decision === 'skip').length;
    decidedLeftOut.set(annotatorId, { version, decided: decided.length, skipped });
    return { decided: decided.length, skipped };
  }

  /** The same as `fromTheStart` where people share the pairs among them. */
  function sharedFromTheStart(place: Room, annotatorId: number, limit: number): number[] {
    noteLeftOut();
    const from = decidedUpTo.get(annotatorId) ?? 0;
    const { last } = range();
    const rest = withRoom(place, annotatorId, openIds(WHOLE, annotatorId, from, last), limit);
    decidedUpTo.set(annotatorId, (rest.firstWanted ?? last + 1) - 1);
    const again = freed
      .wanted(place)
      .filter(
        (pairId) =>
          standing.get({ pairId, annotatorId }) === undefined && !leftOut.has(pairId) && !isGold(pairId),
      );
    const wanted = [
      ...nextFirst.all({ annotatorId, from: 0, limit: -1 }),
      ...nextWritten.all({ annotatorId, limit: -1 }),
      ...again,
    ];
    const first = withRoom(place, annotatorId, wanted, limit).free;
    return [...new Set([...first, ...rest.free])].slice(0, limit);
  }

  /** Pairs that were sent to the queue first, then those written for labelling, then the rest in their order. */
  function fromTheStart(annotatorId: number, limit: number): number[] {
    noteLeftOut();
    const from = decidedUpTo.get(annotatorId) ?? 0;
    const rest = open(WHOLE, annotatorId, from, range().last, limit);
    const first = rest[0];
    if (first !== undefined) decidedUpTo.set(annotatorId, first - 1);
    const wanted = [...sentFirst(annotatorId, limit), ...nextWritten.all({ annotatorId, limit })];
    return [...new Set([...wanted, ...rest])].slice(0, limit);
  }

  /** Those that are open of the ids from place `from` on, and from the end to the start. */
  function openOf(ids: Uint32Array, scope: QueueScope, annotatorId: number, from: number, limit: number) {
    const chosen: number[] = [];
    const place = room();
    for (let step = 0; step < ids.length && chosen.length < limit; step += 1) {
      const pairId = ids[(from + step) % ids.length] as number;
      const verdict = standing.get({ pairId, annotatorId }) ?? null;
      if (!isOpen(scope, verdict)) continue;
      if (verdict === null && place !== null && place(pairId, annotatorId) !== 'free') continue;
      chosen.push(pairId);
    }
    return chosen;
  }

  return {
    /**
     * Open pairs of the scope, `limit` at most. The whole project begins at its first; a filter, or looking at
     * skipped pairs again, goes on after `after` and from the end to the start.
     */
    next(scope: QueueScope, annotatorId: number, after: number | null, limit: number): number[] {
      const inOrder = ordered(scope, annotatorId);
      if (inOrder !== null) {
        noteLeftOut();
        const shares = room();
        const hasRoom = (pairId: number) => shares === null || shares(pairId, annotatorId) === 'free';
        const sent = scope.filter === null ? sentFirst(annotatorId, limit).filter(hasRoom) : [];
        const isWanted = (pairId: number, verdict: Verdict | null) =>
          isOpen(scope, verdict) &&
          !leftOut.has(pairId) &&
          !(scope.filter === null && isGold(pairId)) &&
          (verdict !== null || hasRoom(pairId));
        return [...new Set([...sent, ...walk.next(inOrder, annotatorId, isWanted, limit)])].slice(0, limit);
      }
      const shares = room();
      if (scope.filter === null && !scope.includeSkipped) {
        return shares === null
          ? fromTheStart(annotatorId, limit)
          : sharedFromTheStart(shares, annotatorId, limit);
      }
      const place = after ?? 0;
      const ids = found(scope, annotatorId);
      if (ids) return openOf(ids, scope, annotatorId, firstAbove(ids, place), limit);
      if (shares !== null) {
        const { last } = range();
        const hasRoom: Room = (pairId, person) =>
          standing.get({ pairId, annotatorId: person }) === undefined ? shares(pairId, person) : 'free';
        const ahead = withRoom(hasRoom, annotatorId, openIds(scope, annotatorId, place, last), limit).free;
        const behind = withRoom(hasRoom, annotatorId, openIds(scope, annotatorId, 0, place), limit).free;
        return [...ahead, ...behind].slice(0, limit);
      }
      const later = open(scope, annotatorId, place, range().last, limit);
      if (later.length === limit || place === 0) return later;
      return [...later, ...open(scope, annotatorId, 0, place, limit - later.length)];
    },
    /** Why a pair that `next` gave comes at its place; null where the order does not say. */
    reason: (scope: QueueScope, annotatorId: number, pairId: number): string | null => {
      const inOrder = ordered(scope, annotatorId);
      return inOrder === null ? null : walk.reason(inOrder, pairId);
    },
    /** To be called when what somebody says of a pair has changed: it may be left out, and is counted apart. */
    changed(annotatorId: number, pairId: number): void {
      // A skip in the place of a label leaves room for another.
      if (room() !== null && standing.get({ pairId, annotatorId }) === 'skip') freed.add(pairId);
      if (leftOut.has(pairId)) decidedLeftOut.delete(annotatorId);
    },
    /** To be called when other pairs than before have a known answer. */
    forget(): void {
      forget();
      walk.forget();
    },
    /** To be called when a pair lost its verdict: it comes up again, for others too where they share the pairs. */
    reopened(annotatorId: number, pairId: number): void {
      freed.add(pairId);
      firstFrom.delete(annotatorId);
      walk.reopened(annotatorId);
      const from = decidedUpTo.get(annotatorId);
      if (from !== undefined && from >= pairId) decidedUpTo.set(annotatorId, pairId - 1);
    },
    counts(scope: QueueScope, annotatorId: number): ScopeCounts {
      const ids = found(scope, annotatorId);
      if (ids) {
        const decided = own.all({ annotatorId }).filter(({ pairId }) => holds(ids, pairId));
        const skipped = decided.filter(({ decision }) => decision === 'skip').length;
        return { total: ids.length, decided: decided.length, skipped };
      }
      const all = decidedOf.get({ annotatorId }) ?? NONE;
      const aside = setAsideDecided.get({ annotatorId }) ?? NONE;
      const out = ownLeftOut(annotatorId);
      return {
        total: total(),
        decided: all.decided - aside.decided - out.decided,
        skipped: all.skipped - aside.skipped - out.skipped,
      };
    },
    /** The places of pairs in their scope, from 1; null for one that is not of it. */
    positions(
      scope: QueueScope,
      annotatorId: number,
      pairIds: readonly number[],
    ): Map<number, number | null> {
      const ids = found(scope, annotatorId);
      if (ids) {
        return new Map(pairIds.map((id) => [id, holds(ids, id) ? firstAbove(ids, id) : null]));
      }
      const places = new Map<number, number | null>(pairIds.map((id) => [id, null]));
      const { first, last, setAside } = range();
      const withoutGaps = last - first + 1 - setAside === total() + leftOut.count();
      let counted = 0;
      let upTo = 0;
      for (const id of [...places.keys()].sort((one, other) => one - other)) {
        if (id > last || between(id - 1, id) === 0 || leftOut.has(id)) continue;
        counted = withoutGaps
          ? id - first + 1 - (setAsideUpTo.get({ id }) as number)
          : counted + between(upTo, id);
        upTo = id;
        places.set(id, counted - leftOut.upTo(id));
      }
      return places;
    },
  };
}

const WHOLE: QueueScope = { filter: null, includeSkipped: false };
const NONE: Decided = { decided: 0, skipped: 0 };

/** How many of the ascending ids are not above one: the place of the first that is, from 0. */
function firstAbove(ids: Uint32Array, id: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] as number) <= id) low = middle + 1;
    else high = middle;
  }
  return low;
}
const holds = (ids: Uint32Array, id: number): boolean => ids[firstAbove(ids, id) - 1] === id;
