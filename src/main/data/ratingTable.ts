/** Ratings of single replies, and the history of each person's; see the migration. */
import { type RatingScale, shuffledPlace } from '#core/ratings.ts';
import type { Database } from './database.ts';

export interface NewRating {
  readonly replyId: number;
  readonly annotatorId: number;
  readonly scale: RatingScale;
  /** Null is a skip. */
  readonly value: number | null;
  readonly durationMs: number | null;
  readonly requestId: string;
  readonly guidelinesId: number | null;
  readonly at: string;
}
export interface RatingRow {
  readonly id: number;
  readonly replyId: number;
  readonly scale: RatingScale;
  readonly value: number | null;
  readonly previousId: number | null;
  readonly belowId: number | null;
}
export interface RatedReply {
  readonly messages: string;
  readonly text: string;
  readonly turns: string | null;
  readonly source: string;
}

const ROW = `SELECT id, response_id AS replyId, scale, value, previous_id AS previousId, below_id AS belowId FROM ratings`;
/** A pair in use that has the reply. */
export const PAIR_OF_REPLY = `(SELECT min(pairs.id) FROM pairs
  WHERE pairs.prompt_id = responses.prompt_id AND (pairs.a_id = responses.id OR pairs.b_id = responses.id))`;

export function ratingTable(database: Database) {
  const state = database.prepare<[], { readonly size: number; readonly version: number }>(
    `SELECT (SELECT coalesce(max(id), 0) FROM responses WHERE id <= (SELECT last_response FROM visible)) AS size,
       (SELECT sum(version) FROM marks WHERE id IN (1, 2)) AS version`,
  );
  const reply = database.prepare<[number], RatedReply>(
    `SELECT prompts.messages, responses.text, responses.turns, sources.name AS source
     FROM responses JOIN prompts ON prompts.id = responses.prompt_id
     JOIN pairs ON pairs.id = ${PAIR_OF_REPLY} JOIN sources ON sources.id = pairs.source_id
     WHERE responses.id = ? AND responses.id <= (SELECT last_response FROM visible)`,
  );
  const standing = database.prepare<
    [number, number],
    { readonly id: number; readonly scale: RatingScale; readonly value: number | null }
  >('SELECT rating_id AS id, scale, value FROM rated WHERE response_id = ? AND annotator_id = ?');
  const add = database.prepare<[NewRating & { previousId: number | null }]>(
    `INSERT INTO ratings (response_id, annotator_id, scale, value, duration_ms, previous_id, below_id, request_id,
       guidelines_id, created_at)
     VALUES (@replyId, @annotatorId, @scale, @value, @durationMs, @previousId,
       (SELECT rating_id FROM rating_heads WHERE annotator_id = @annotatorId), @requestId, @guidelinesId, @at)`,
  );
  const stand = database.prepare<[number]>(
    `INSERT INTO rated (response_id, annotator_id, rating_id, scale, value)
     SELECT response_id, annotator_id, id, scale, value FROM ratings WHERE id = ?
     ON CONFLICT (response_id, annotator_id) DO UPDATE SET rating_id = excluded.rating_id, scale = excluded.scale,
       value = excluded.value`,
  );
  const fall = database.prepare<[number, number]>(
    'DELETE FROM rated WHERE response_id = ? AND annotator_id = ?',
  );
  const moveTo = database.prepare<[number, number | null]>(
    `INSERT INTO rating_heads (annotator_id, rating_id) VALUES (?, ?)
     ON CONFLICT (annotator_id) DO UPDATE SET rating_id = excluded.rating_id`,
  );
  const head = database.prepare<[number], RatingRow>(
    `${ROW} WHERE id = (SELECT rating_id FROM rating_heads WHERE annotator_id = ?)`,
  );
  const above = database.prepare<[{ annotatorId: number }], RatingRow>(
    `${ROW} WHERE annotator_id = @annotatorId
       AND below_id IS (SELECT rating_id FROM rating_heads WHERE annotator_id = @annotatorId) ORDER BY id DESC LIMIT 1`,
  );
  const knows = database.prepare<[string], number>('SELECT 1 FROM ratings WHERE request_id = ?').pluck();
  const counts = database.prepare<[number], { readonly rated: number; readonly skipped: number }>(
    `SELECT count(value) AS rated, count(*) - count(value) AS skipped FROM rated WHERE annotator_id = ?`,
  );
  /** By annotator: every reply before this place is rated or in no use, as long as the same ones are there and in use. */
  const passed = new Map<number, { readonly of: string; readonly place: number }>();

  return {
    /** Null where there is no such reply in use. */
    reply: (replyId: number): RatedReply | null => reply.get(replyId) ?? null,
    standing: (replyId: number, annotatorId: number) => standing.get(replyId, annotatorId) ?? null,
    /** The next reply in use that a person has not rated, in an order that is the same for all; null where there is none. */
    next(annotatorId: number): number | null {
      const { size, version } = state.get() as { size: number; version: number };
      const of = `${size} ${version}`;
      const before = passed.get(annotatorId);
      for (let place = before?.of === of ? before.place : 0; place < size; place++) {
        const replyId = 1 + shuffledPlace(place, size);
        if (standing.get(replyId, annotatorId) !== undefined || reply.get(replyId) === undefined) continue;
        passed.set(annotatorId, { of, place });
        return replyId;
      }
      return null;
    },
    knows: (requestId: string): boolean => knows.get(requestId) !== undefined,
    rate(rating: NewRating): void {
      const previousId = standing.get(rating.replyId, rating.annotatorId)?.id ?? null;
      const id = Number(add.run({ ...rating, previousId }).lastInsertRowid);
      stand.run(id);
      moveTo.run(rating.annotatorId, id);
    },
    counts: (annotatorId: number) => counts.get(annotatorId) as { rated: number; skipped: number },
    undoable: (annotatorId: number): RatingRow | null => head.get(annotatorId) ?? null,
    redoable: (annotatorId: number): RatingRow | null => above.get({ annotatorId }) ?? null,
    /** Puts what stood before in force. */
    takeBack({ replyId, previousId, belowId }: RatingRow, annotatorId: number): void {
      if (previousId === null) fall.run(replyId, annotatorId);
      else stand.run(previousId);
      moveTo.run(annotatorId, belowId);
      passed.delete(annotatorId);
    },
    bringBack({ id }: RatingRow, annotatorId: number): void {
      stand.run(id);
      moveTo.run(annotatorId, id);
    },
  };
}
