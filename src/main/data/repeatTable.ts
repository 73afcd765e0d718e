/** Pairs that come to somebody again: which wait, and what was answered; see the migration. */
import type { ReplyKey, Verdict } from '#core/preference.ts';
import { REPEATS_APART } from '#core/repeats.ts';
import type { Database } from './database.ts';
import { notGold } from './goldTable.ts';
import { inUse } from './marks/LeftOut.ts';

export interface Repeat {
  readonly pairId: number;
  readonly firstId: number;
  readonly leftKey: ReplyKey;
}
interface Drawn {
  readonly pairId: number;
  readonly firstId: number;
}
/** A first verdict and what was said of the same pair later. */
export interface SaidTwice {
  readonly first: Verdict;
  readonly firstStrength: number | null;
  readonly again: Verdict;
  readonly againStrength: number | null;
}

/** Verdicts that are looked at for one draw, at most. */
const LOOKED_AT = 500;
/** The first verdict is still what stands, and the pair can be shown. */
const HOLDS = `EXISTS (SELECT 1 FROM standing WHERE standing.pair_id = repeats.pair_id
    AND standing.annotator_id = repeats.annotator_id AND standing.annotation_id = repeats.first_id)
  AND ${inUse('repeats.pair_id')} AND repeats.pair_id NOT IN (SELECT pair_id FROM set_aside)
  AND ${notGold('repeats.pair_id')}`;

export function repeatTable(database: Database) {
  const waiting = database.prepare<[{ annotatorId: number }], Repeat>(
    `SELECT pair_id AS pairId, first_id AS firstId, left_key AS leftKey FROM repeats
     WHERE annotator_id = @annotatorId AND answer_id IS NULL AND ${HOLDS} ORDER BY drawn_at, first_id`,
  );
  const waitingOn = database.prepare<[{ annotatorId: number; pairId: number }], Repeat>(
    `SELECT pair_id AS pairId, first_id AS firstId, left_key AS leftKey FROM repeats
     WHERE annotator_id = @annotatorId AND pair_id = @pairId AND answer_id IS NULL AND ${HOLDS}`,
  );
  const dropStale = database.prepare<[{ annotatorId: number }]>(
    `DELETE FROM repeats WHERE annotator_id = @annotatorId AND answer_id IS NULL AND NOT (${HOLDS})`,
  );
  const answered = database
    .prepare<[number], number>(
      'SELECT count(*) FROM repeats WHERE annotator_id = ? AND answer_id IS NOT NULL',
    )
    .pluck();
  const ends = database.prepare<
    [{ annotatorId: number }],
    { readonly first: number | null; readonly last: number | null }
  >(
    `SELECT (SELECT min(annotation_id) FROM standing WHERE person = 1 AND annotator_id = @annotatorId) AS first,
       (SELECT annotation_id FROM standing WHERE person = 1 AND annotator_id = @annotatorId
        ORDER BY annotation_id DESC LIMIT 1 OFFSET ${REPEATS_APART - 1}) AS last`,
  );
  // Those of a ranking are asked together, and one that was written was never looked at.
  const eligible = database.prepare<[{ annotatorId: number; from: number; last: number }], Drawn>(
    `SELECT seen.pair_id AS pairId, seen.annotation_id AS firstId FROM (
       SELECT pair_id, annotation_id, decision FROM standing
       WHERE person = 1 AND annotator_id = @annotatorId AND annotation_id BETWEEN @from AND @last
       ORDER BY annotation_id LIMIT ${LOOKED_AT}) AS seen
     JOIN annotations ON annotations.id = seen.annotation_id
     WHERE seen.decision <> 'skip' AND annotations.left_key IS NOT NULL AND annotations.request_id IS NOT NULL
       AND ${inUse('seen.pair_id')} AND ${notGold('seen.pair_id')}
       AND seen.pair_id NOT IN (SELECT pair_id FROM set_aside)
       AND NOT EXISTS (SELECT 1 FROM set_pairs WHERE set_pairs.pair_id = seen.pair_id)
       AND NOT EXISTS (SELECT 1 FROM adjudications WHERE annotation_id = seen.annotation_id)
       AND NOT EXISTS (SELECT 1 FROM repeats WHERE repeats.annotator_id = @annotatorId AND repeats.pair_id = seen.pair_id)
     ORDER BY seen.annotation_id LIMIT 1`,
  );
  const add = database.prepare<[Repeat & { annotatorId: number; at: string }]>(
    `INSERT INTO repeats (annotator_id, pair_id, first_id, left_key, drawn_at)
     VALUES (@annotatorId, @pairId, @firstId, @leftKey, @at)`,
  );
  const saidTwice = database.prepare<[number], SaidTwice>(
    `SELECT earlier.decision AS first, earlier.strength AS firstStrength,
       later.decision AS again, later.strength AS againStrength
     FROM repeats JOIN annotations AS earlier ON earlier.id = first_id JOIN annotations AS later ON later.id = answer_id
     WHERE repeats.annotator_id = ? AND later.decision <> 'skip' ORDER BY answer_id`,
  );
  return {
    /** Drawn and not answered, the first drawn first; what cannot come any more is forgotten. */
    waiting(annotatorId: number): Repeat[] {
      dropStale.run({ annotatorId });
      return waiting.all({ annotatorId });
    },
    waitingOn: (pairId: number, annotatorId: number): Repeat | null =>
      waitingOn.get({ annotatorId, pairId }) ?? null,
    answered: (annotatorId: number): number => answered.get(annotatorId) as number,
    /**
     * Draws one of somebody's verdicts that are old enough, on sides of its own, and stores it; null where there is none.
     * `share` and `leftKey` are drawn by the caller: where among the verdicts it is looked for, from 0 to 1.
     */
    draw(annotatorId: number, share: number, leftKey: ReplyKey, at: string): Repeat | null {
      const { first, last } = ends.get({ annotatorId }) ?? { first: null, last: null };
      if (first === null || last === null || last < first) return null;
      const from = first + Math.floor(share * (last - first + 1));
      const found =
        eligible.get({ annotatorId, from, last }) ?? eligible.get({ annotatorId, from: first, last });
      if (found === undefined) return null;
      const repeat = { ...found, leftKey };
      add.run({ ...repeat, annotatorId, at });
      return repeat;
    },
    /** Answers in force beside the first verdicts, skips left out, the oldest first. */
    saidTwice: (annotatorId: number): SaidTwice[] => saidTwice.all(annotatorId),
  };
}
