import type { QueueScope } from '#shared/entities.ts';
import type { Database } from './database.ts';
import { type Bound, OWN, pairCondition } from './pairRows.ts';

/** Pairs that a person had a policy write, for this: they are wanted before what merely came in with a file. */
export const NEXT_WRITTEN = `SELECT pair_origins.pair_id FROM pair_origins WHERE NOT EXISTS (
  SELECT 1 FROM standing WHERE standing.pair_id = pair_origins.pair_id AND standing.annotator_id = @annotatorId
) AND pair_id NOT IN (SELECT pair_id FROM set_aside) ORDER BY pair_origins.pair_id LIMIT @limit`;
/** Open pairs of a range, in their order. */
export const nextSql = (where: string) =>
  `SELECT pairs.id FROM pairs WHERE ${where} AND pairs.id > @after AND pairs.id <= @last ORDER BY pairs.id LIMIT @limit`;
export const SCOPE_DECIDED = (where: string) => `SELECT count(*) AS decided,
  coalesce(sum(standing.decision = 'skip'), 0) AS skipped
FROM standing CROSS JOIN pairs ON pairs.id = standing.pair_id
WHERE standing.annotator_id = @annotatorId AND ${where}`;
/** Pairs of a range. */
export const betweenSql = (where: string) =>
  `SELECT count(*) FROM pairs WHERE ${where} AND pairs.id > @after AND pairs.id <= @last`;
export const SESSION_DURATIONS = `SELECT annotations.duration_ms FROM standing
  JOIN annotations ON annotations.id = standing.annotation_id
  WHERE standing.annotator_id = @annotatorId AND standing.annotation_id > @after`;

const LAST_ID = Number.MAX_SAFE_INTEGER;
const UNDECIDED = `NOT EXISTS (${OWN})`;

/** Which pairs of the scope come up. */
function openCondition({ filter, includeSkipped }: QueueScope): string {
  if (filter?.status === 'labelled') return `EXISTS (${OWN} AND standing.decision <> 'skip')`;
  if (filter?.status === 'skipped') return `EXISTS (${OWN} AND standing.decision = 'skip')`;
  return includeSkipped ? `NOT EXISTS (${OWN} AND standing.decision <> 'skip')` : UNDECIDED;
}

export interface ScopeCounts {
  readonly total: number;
  readonly decided: number;
  readonly skipped: number;
}

/** Which pairs an annotator decides next, and how many there are. */
export function labelQueue(database: Database) {
  const nextWritten = database
    .prepare<[{ annotatorId: number; limit: number }], number>(NEXT_WRITTEN)
    .pluck();
  const durations = database
    .prepare<[{ annotatorId: number; after: number }], number | null>(SESSION_DURATIONS)
    .pluck();
  const setAsideIds = database
    .prepare<[{ after: number; last: number }], number>(
      'SELECT count(*) FROM set_aside WHERE pair_id > @after AND pair_id <= @last',
    )
    .pluck();
  const setAsideDecided = database.prepare<[{ annotatorId: number }], { decided: number; skipped: number }>(
    `SELECT count(*) AS decided, coalesce(sum(standing.decision = 'skip'), 0) AS skipped
     FROM set_aside JOIN standing USING (pair_id) WHERE annotator_id = @annotatorId`,
  );
  const decidedOf = database.prepare<[{ annotatorId: number }], { decided: number; skipped: number }>(
    `SELECT (SELECT count(*) FROM standing WHERE annotator_id = @annotatorId) AS decided,
       (SELECT count(*) FROM standing WHERE annotator_id = @annotatorId AND decision = 'skip') AS skipped`,
  );
  const ends = database.prepare<[], { first: number | null; last: number | null }>(
    `SELECT (SELECT min(id) FROM stored_pairs) AS first,
       (SELECT max(id) FROM stored_pairs WHERE id <= (SELECT last_pair FROM visible)) AS last`,
  );
  /** Everything up to this pair is decided: a queue of a million need not be walked from its start each time. */
  const decidedUpTo = new Map<number, number>();
  /** The size of each scope, while the project's pairs are what they were. */
  let sizes = { state: '', of: new Map<string, number>() };

  const condition = (scope: QueueScope, annotatorId: number) =>
    pairCondition({ ...(scope.filter ?? { text: '', sourceId: null }), status: 'all' }, annotatorId);
  const countBetween = (where: string, bound: Bound, after: number, last: number): number =>
    database
      .prepare<[Bound & { after: number; last: number }], number>(betweenSql(where))
      .pluck()
      .get({ ...bound, after, last }) as number;

  const range = (
    { where, bound }: { where: string; bound: Bound },
    scope: QueueScope,
    [after, last, limit]: readonly [number, number, number],
  ): number[] =>
    database
      .prepare<[Bound & { after: number; last: number; limit: number }], number>(
        nextSql(`${where} AND ${openCondition(scope)}`),
      )
      .pluck()
      .all({ ...bound, after, last, limit });

  /** Pairs written for labelling first, then the rest in their order. */
  function fromTheStart(annotatorId: number, limit: number): number[] {
    const from = decidedUpTo.get(annotatorId) ?? 0;
    const rest = range({ where: '1', bound: { annotatorId } }, WHOLE, [from, LAST_ID, limit]);
    const first = rest[0];
    if (first !== undefined) decidedUpTo.set(annotatorId, first - 1);
    return [...new Set([...nextWritten.all({ annotatorId, limit }), ...rest])].slice(0, limit);
  }

  function total(scope: QueueScope, where: string, bound: Bound): number {
    const { first, last } = ends.get() as { first: number | null; last: number | null };
    const state = `${first}:${last}:${setAsideIds.get({ after: 0, last: LAST_ID })}`;
    if (state !== sizes.state) sizes = { state, of: new Map() };
    const key = JSON.stringify([scope.filter?.text ?? '', scope.filter?.sourceId ?? null]);
    const known = sizes.of.get(key);
    if (known !== undefined) return known;
    const counted = countBetween(where, bound, 0, LAST_ID);
    sizes.of.set(key, counted);
    return counted;
  }

  return {
    /**
     * Open pairs of the scope, `limit` at most. The whole project begins at its first; a filter, or looking at
     * skipped pairs again, goes on after `after` and from the end to the start.
     */
    next(scope: QueueScope, annotatorId: number, after: number | null, limit: number): number[] {
      if (scope.filter === null && !scope.includeSkipped) return fromTheStart(annotatorId, limit);
      const within = condition(scope, annotatorId);
      if (!within) return [];
      const place = after ?? 0;
      const later = range(within, scope, [place, LAST_ID, limit]);
      if (later.length === limit || place === 0) return later;
      return [...later, ...range(within, scope, [0, place, limit - later.length])];
    },
    /** To be called when a pair lost its verdict: it comes up again. */
    reopened(annotatorId: number, pairId: number): void {
      const from = decidedUpTo.get(annotatorId);
      if (from !== undefined && from >= pairId) decidedUpTo.set(annotatorId, pairId - 1);
    },
    counts(scope: QueueScope, annotatorId: number): ScopeCounts {
      const within = condition(scope, annotatorId);
      if (!within) return { total: 0, decided: 0, skipped: 0 };
      const size = total(scope, within.where, within.bound);
      if (within.where === '1') {
        const all = decidedOf.get({ annotatorId }) ?? NONE;
        const hidden = setAsideDecided.get({ annotatorId }) ?? NONE;
        return { total: size, decided: all.decided - hidden.decided, skipped: all.skipped - hidden.skipped };
      }
      const decided = database
        .prepare<[Bound], { decided: number; skipped: number }>(SCOPE_DECIDED(within.where))
        .get(within.bound);
      return { total: size, ...(decided ?? NONE) };
    },
    /** The places of pairs in their scope, from 1; null for one that is not of it. */
    positions(
      scope: QueueScope,
      annotatorId: number,
      pairIds: readonly number[],
    ): Map<number, number | null> {
      const places = new Map<number, number | null>(pairIds.map((id) => [id, null]));
      const within = condition(scope, annotatorId);
      if (!within) return places;
      const { where, bound } = within;
      const { first, last } = ends.get() as { first: number | null; last: number | null };
      const whole = where === '1' && first !== null && last !== null;
      const hidden = whole ? (setAsideIds.get({ after: 0, last }) as number) : 0;
      const withoutGaps = whole && last - first + 1 - hidden === total(scope, where, bound);
      let counted = 0;
      let upTo = 0;
      for (const id of [...new Set(pairIds)].sort((one, other) => one - other)) {
        if (countBetween(where, bound, id - 1, id) === 0) continue;
        counted = withoutGaps
          ? id - first + 1 - (setAsideIds.get({ after: 0, last: id }) as number)
          : counted + countBetween(where, bound, upTo, id);
        upTo = id;
        places.set(id, counted);
      }
      return places;
    },
    durationsAfter: (annotatorId: number, after: number) => durations.all({ annotatorId, after }),
  };
}

const WHOLE: QueueScope = { filter: null, includeSkipped: false };
const NONE = { decided: 0, skipped: 0 };
