/** Sets of replies that are ranked together, and in which order they were shown and put. */
import { type Ranks, type SaidOfSet, saidBeside } from '#core/ranking.ts';
import type { ReplyTurns } from '#core/replyTurns.ts';
import { attributeColumns, readAttributes, type StoredAttributes } from './attributes.ts';
import type { Database } from './database.ts';
import { type Hash, hashBytes } from './hashes.ts';
import { steady } from './steady.ts';
import { storedTurns } from './storedMessages.ts';

/** What a pair belongs to: the same for the same prompt, replies, aspect and id. */
export interface NewSet {
  readonly hash: Hash;
  /** How many pairs it has when all are there. */
  readonly pairs: number;
}
interface SetPair {
  readonly id: number;
  readonly a: number;
  readonly b: number;
}
interface SetReply {
  readonly id: number;
  readonly text: string;
  readonly turns: ReplyTurns;
}
export interface ReplySet {
  readonly id: number;
  readonly pairs: readonly SetPair[];
  /** In the order of their ids. */
  readonly replies: readonly SetReply[];
}

const SETS_OF_PAIR = `SELECT set_id FROM set_pairs WHERE pair_id = ${steady('?')} ORDER BY set_id`;
const PAIRS_OF_SET = `SELECT pairs.id, pairs.a_id AS a, pairs.b_id AS b FROM set_pairs
  CROSS JOIN pairs ON pairs.id = set_pairs.pair_id WHERE set_pairs.set_id = ${steady('?')} ORDER BY pairs.id`;

export function replySets(database: Database) {
  const setsOf = database.prepare<[number], number>(SETS_OF_PAIR).pluck();
  const pairs = database.prepare<[number], SetPair>(PAIRS_OF_SET);
  const wanted = database.prepare<[number], number>('SELECT pairs FROM reply_sets WHERE id = ?').pluck();
  const largest = database.prepare<[], number | null>('SELECT max(pairs) FROM reply_sets').pluck();
  const reply = database.prepare<[number], { text: string; turns: string | null }>(
    'SELECT text, turns FROM responses WHERE id = ?',
  );
  const shown = database
    .prepare<[number, number], string>(
      'SELECT replies FROM set_showings WHERE set_id = ? AND annotator_id = ?',
    )
    .pluck();
  const addShowing = database.prepare<[number, number, string, string]>(
    'INSERT INTO set_showings (set_id, annotator_id, replies, shown_at) VALUES (?, ?, ?, ?)',
  );
  const ranks = database.prepare<[number, number], { id: number; ranks: string | null }>(
    `SELECT rankings.annotation_id AS id, rankings.ranks FROM standing JOIN ranked_pairs ON ranked_pairs.annotation_id = standing.annotation_id
       JOIN rankings ON rankings.annotation_id = ranked_pairs.ranking_id
       WHERE standing.pair_id = ${steady('?')} AND standing.annotator_id = ${steady('?')}`,
  );
  const beside = database.prepare<[number], StoredAttributes & { a: number; b: number }>(
    `SELECT all_pairs.a_id AS a, all_pairs.b_id AS b, ${attributeColumns('annotations')} FROM ranked_pairs
     JOIN annotations ON annotations.id = ranked_pairs.annotation_id
     JOIN all_pairs ON all_pairs.id = annotations.pair_id WHERE ranked_pairs.ranking_id = ?`,
  );

  /** Its pairs that are in use; null where one is not: what is left is compared in pairs. */
  const whole = (setId: number): SetPair[] | null => {
    const found = pairs.all(setId);
    return found.length === wanted.get(setId) ? found : null;
  };

  return {
    /** The pairs of the largest set; 0 where there is none. */
    largest: (): number => largest.get() ?? 0,
    /** The first whole set of a pair, or null. */
    idOf: (pairId: number): number | null =>
      setsOf.all(pairId).find((setId) => whole(setId) !== null) ?? null,
    /** The first pair of a pair's set, or the pair itself: what is drawn for a set is drawn by it. */
    leadOf(pairId: number): number {
      for (const setId of setsOf.all(pairId)) {
        const lead = whole(setId)?.[0];
        if (lead !== undefined) return lead.id;
      }
      return pairId;
    },
    read(setId: number): ReplySet | null {
      const found = whole(setId);
      if (found === null) return null;
      const ids = [...new Set(found.flatMap(({ a, b }) => [a, b]))].sort((one, other) => one - other);
      const replies = ids.map((id): SetReply => {
        const { text, turns } = reply.get(id) as { text: string; turns: string | null };
        return { id, text, turns: storedTurns(turns) };
      });
      return { id: setId, pairs: found, replies };
    },
    /** The ids of the replies in the order in which somebody sees them; null where they never did. */
    shown(setId: number, annotatorId: number): number[] | null {
      const stored = shown.get(setId, annotatorId);
      return stored === undefined ? null : (JSON.parse(stored) as number[]);
    },
    addShowing(setId: number, annotatorId: number, replies: readonly number[], at: string): void {
      addShowing.run(setId, annotatorId, JSON.stringify(replies), at);
    },
    /** The order in which somebody's standing verdict on a pair was given, and what was said beside; no ranks where it was given in none. */
    said(pairId: number, annotatorId: number): SaidOfSet {
      const stored = ranks.get(pairId, annotatorId);
      if (stored === undefined || stored.ranks === null) return { ranks: null, steps: [], aspects: {} };
      const order = JSON.parse(stored.ranks) as Ranks;
      const pairs = beside.all(stored.id).map(({ a, b, ...row }) => ({ a, b, ...readAttributes(row) }));
      return { ranks: order, ...saidBeside(order, pairs) };
    },
  };
}

/** Puts pairs that are written into their sets, at `flush`. */
export function setWriter(database: Database) {
  const add = database.prepare<[Buffer, number]>(
    'INSERT INTO reply_sets (hash, pairs) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const find = database.prepare<[Buffer], number>('SELECT id FROM reply_sets WHERE hash = ?').pluck();
  const join = database.prepare<[number, number]>(
    'INSERT INTO set_pairs (pair_id, set_id) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  let waiting: { readonly pairId: number; readonly set: NewSet }[] = [];
  /** Pairs of a set come one after another. */
  let last: { readonly hash: Hash; readonly id: number } | null = null;
  const idOf = ({ hash, pairs }: NewSet): number => {
    if (last?.hash === hash) return last.id;
    add.run(hashBytes(hash), pairs);
    last = { hash, id: find.get(hashBytes(hash)) as number };
    return last.id;
  };
  return {
    add: (pairId: number, sets: readonly NewSet[]): void => {
      for (const set of sets) waiting.push({ pairId, set });
    },
    flush: (): void => {
      for (const { pairId, set } of waiting) join.run(pairId, idOf(set));
      waiting = [];
    },
  };
}
