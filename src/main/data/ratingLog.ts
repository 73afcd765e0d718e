/** Ratings as Facet's own files carry them, and how they come back. */
import type { ReplyKey } from '#core/preference.ts';
import type { RatingScale } from '#core/ratings.ts';
import type { Database } from './database.ts';

export interface RatingEntry {
  /** Place in the project's log of ratings. */
  readonly seq: number;
  readonly reply: ReplyKey;
  readonly annotator: string;
  readonly scale: RatingScale;
  readonly value: number | null;
  readonly durationMs: number | null;
  readonly at: string;
  /** `seq` of what stood on the reply before, and of the rating below it in its person's history. */
  readonly previous: number | null;
  readonly below: number | null;
  readonly stands: 0 | 1;
  /** The latest of its person that is in force. */
  readonly isCurrent: 0 | 1;
  readonly guidelines?: number | undefined;
}
type Stored = Omit<RatingEntry, 'guidelines'> & { readonly guidelines: number | null };

/** Every rating of the two replies of a pair, the oldest first. */
export function ratingEntries(database: Database) {
  const rows = database.prepare<[{ pairId: number }], Stored>(
    `SELECT ratings.id AS seq, CASE WHEN ratings.response_id = pair.a_id THEN 'a' ELSE 'b' END AS reply,
       annotators.name AS annotator, ratings.scale, ratings.value, duration_ms AS durationMs, created_at AS at,
       previous_id AS previous, below_id AS below, rated.rating_id IS NOT NULL AS stands,
       rating_heads.rating_id IS NOT NULL AS isCurrent, guidelines_id AS guidelines
     FROM stored_pairs AS pair JOIN ratings ON ratings.response_id IN (pair.a_id, pair.b_id)
     JOIN annotators ON annotators.id = ratings.annotator_id
     LEFT JOIN rated ON rated.response_id = ratings.response_id AND rated.annotator_id = ratings.annotator_id
       AND rated.rating_id = ratings.id
     LEFT JOIN rating_heads ON rating_heads.annotator_id = ratings.annotator_id AND rating_heads.rating_id = ratings.id
     WHERE pair.id = @pairId ORDER BY ratings.id`,
  );
  return (pairId: number): RatingEntry[] =>
    rows.all({ pairId }).map(({ guidelines, ...entry }) => ({
      ...entry,
      ...(guidelines !== null && { guidelines }),
    }));
}

/** Takes ratings over in the order in which they were given, each once: a reply may be in several pairs. */
export function writeRatings(
  database: Database,
  given: readonly { readonly pairId: number; readonly ratings: readonly RatingEntry[] }[],
  annotatorId: (by: { readonly annotator: string; readonly kind: 'person' }) => number,
  guidelineIds: ReadonlyMap<number, number>,
): void {
  const replies = database.prepare<[number], { a: number; b: number }>(
    'SELECT a_id AS a, b_id AS b FROM stored_pairs WHERE id = ?',
  );
  const known = database
    .prepare<[number, number, string], number>(
      'SELECT id FROM ratings WHERE response_id = ? AND annotator_id = ? AND created_at = ?',
    )
    .pluck();
  const add = database.prepare<unknown[]>(
    `INSERT INTO ratings (response_id, annotator_id, scale, value, duration_ms, previous_id, below_id, guidelines_id,
       created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const stand = database.prepare<[number]>(
    `INSERT INTO rated (response_id, annotator_id, rating_id, scale, value)
     SELECT response_id, annotator_id, id, scale, value FROM ratings WHERE id = ? ON CONFLICT DO NOTHING`,
  );
  // Whoever has rated here before goes on from there.
  const head = database.prepare<[number, number]>(
    'INSERT INTO rating_heads (annotator_id, rating_id) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const ids = new Map<number, number>();
  const idOf = (seq: number | null): number | null => (seq === null ? null : (ids.get(seq) ?? null));
  const entries = given
    .flatMap(({ pairId, ratings }) => ratings.map((rating) => ({ ...rating, pairId })))
    .sort((x, y) => x.seq - y.seq);
  for (const { pairId, seq, reply, annotator, ...entry } of entries) {
    if (ids.has(seq)) continue;
    const replyId = (replies.get(pairId) as { a: number; b: number })[reply];
    const by = annotatorId({ annotator, kind: 'person' });
    const before = known.get(replyId, by, entry.at);
    if (before !== undefined) {
      ids.set(seq, before);
      continue;
    }
    const guidelinesId = entry.guidelines === undefined ? null : (guidelineIds.get(entry.guidelines) ?? null);
    const { scale, value, durationMs, previous, below, at } = entry;
    const row = [replyId, by, scale, value, durationMs, idOf(previous), idOf(below), guidelinesId, at];
    const id = Number(add.run(...row).lastInsertRowid);
    ids.set(seq, id);
    if (entry.stands === 1) stand.run(id);
    if (entry.isCurrent === 1) head.run(by, id);
  }
}
