/** Which pairs are taken: labels that others gave, and pairs that are on somebody's screen. */
import { labelsWanted, type Overlap } from '#core/assignment.ts';
import type { Database } from './database.ts';

/** A page that went away gives its pairs back after this; one that labels renews its claims with each verdict. */
export const CLAIM_MS = 15 * 60 * 1000;

/** `full` by labels that stand; `claimed` only for as long as others have it before them. */
export type Place = 'free' | 'claimed' | 'full';

export function claimTable(database: Database) {
  const labelled = database
    .prepare<[{ pairId: number; annotatorId: number }], number>(
      `SELECT count(*) FROM standing WHERE pair_id = @pairId AND person = 1 AND decision <> 'skip'
         AND annotator_id <> @annotatorId`,
    )
    .pluck();
  const claimed = database
    .prepare<[{ pairId: number; annotatorId: number; at: number }], number>(
      `SELECT count(*) FROM claims WHERE pair_id = @pairId AND annotator_id <> @annotatorId AND until > @at
         AND NOT EXISTS (SELECT 1 FROM standing WHERE standing.pair_id = claims.pair_id
           AND standing.annotator_id = claims.annotator_id)`,
    )
    .pluck();
  const claim = database.prepare<[{ pairId: number; annotatorId: number; until: number }]>(
    `INSERT INTO claims (pair_id, annotator_id, until) VALUES (@pairId, @annotatorId, @until)
     ON CONFLICT (pair_id, annotator_id) DO UPDATE SET until = excluded.until`,
  );
  const release = database.prepare<[number, string]>(
    'DELETE FROM claims WHERE annotator_id = ? AND pair_id NOT IN (SELECT value FROM json_each(?))',
  );
  return {
    /** Whether a pair has room for one more label, of this annotator. How many it is to have is drawn by `drawnBy`. */
    placeFor(
      pairId: number,
      annotatorId: number,
      { drawnBy, ...overlap }: Overlap & { readonly drawnBy: number },
      at: number,
    ): Place {
      const wanted = labelsWanted(drawnBy, overlap);
      const labels = labelled.get({ pairId, annotatorId }) as number;
      if (labels >= wanted) return 'full';
      const taken = claimed.get({ pairId, annotatorId, at }) as number;
      return labels + taken >= wanted ? 'claimed' : 'free';
    },
    /** What an annotator has before them from now on; the caller holds the transaction. */
    hold(annotatorId: number, pairIds: readonly number[], at: number): void {
      release.run(annotatorId, JSON.stringify(pairIds));
      for (const pairId of pairIds) claim.run({ pairId, annotatorId, until: at + CLAIM_MS });
    },
  };
}
