import type { Database } from './database.ts';
import { inUse } from './marks/LeftOut.ts';
import type { LabelledPair } from './trainingPairs.ts';

/** See the migration: sizes alone. */
export interface NeedScore {
  readonly pairId: number;
  readonly margin: number;
  readonly gap: number | null;
}

export interface Checkpoint {
  readonly runId: number;
  readonly step: number;
}

export function needScores(database: Database) {
  const open = database.prepare<
    [Checkpoint & { readonly limit: number }],
    { pairId: number; promptId: number }
  >(
    `SELECT pairs.id AS pairId, prompt_id AS promptId FROM stored_pairs AS pairs
     WHERE pairs.id <= (SELECT last_pair FROM visible) AND pairs.id NOT IN (SELECT pair_id FROM set_aside)
       AND ${inUse('pairs.id')}
       AND NOT EXISTS (SELECT 1 FROM need_scores WHERE run_id = @runId AND step = @step AND pair_id = pairs.id)
       AND NOT EXISTS (SELECT 1 FROM standing JOIN annotators ON annotators.id = annotator_id
         WHERE standing.pair_id = pairs.id AND kind = 'person' AND decision <> 'skip')
     ORDER BY pairs.id LIMIT @limit`,
  );
  const put = database.prepare<[NeedScore & Checkpoint]>(
    'INSERT OR REPLACE INTO need_scores (run_id, step, pair_id, margin, gap) VALUES (@runId, @step, @pairId, @margin, @gap)',
  );
  return {
    /** Pairs that nobody has decided and the checkpoint has not scored, as if the first reply were preferred. */
    open: (of: Checkpoint, limit: number): LabelledPair[] =>
      open.all({ ...of, limit }).map((pair) => ({ ...pair, preferred: 'a' })),
    put: (of: Checkpoint, scores: readonly NeedScore[]): void => {
      for (const score of scores) put.run({ ...score, ...of });
    },
  };
}
