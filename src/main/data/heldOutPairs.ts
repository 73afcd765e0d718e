import type { Database } from './database.ts';

export interface HeldOutPair {
  readonly pairId: number;
  readonly margin: number;
  /** Strongest code of the prompt by the same checkpoint; null where its codes are not stored. */
  readonly code: number | null;
  readonly weight: number | null;
}

interface Bound {
  readonly runId: number;
  readonly step: number;
  readonly limit: number;
}

/** Held-out pairs of a checkpoint in the order of their margins, the lowest or the highest first. */
export function heldOutPairs(database: Database) {
  const ordered = (direction: 'ASC' | 'DESC') =>
    database.prepare<[Bound], HeldOutPair>(
      `SELECT results.pair_id AS pairId, results.margin, top_code AS code, top_weight AS weight
       FROM pair_results AS results JOIN pairs ON pairs.id = results.pair_id
       LEFT JOIN code_activations AS codes
         ON codes.run_id = results.run_id AND codes.step = results.step AND codes.prompt_id = pairs.prompt_id
       WHERE results.run_id = @runId AND results.step = @step
       ORDER BY results.margin ${direction}, results.pair_id LIMIT @limit`,
    );
  const [worst, best] = [ordered('ASC'), ordered('DESC')];
  return (runId: number, step: number, order: 'worst' | 'best', limit: number): HeldOutPair[] =>
    (order === 'worst' ? worst : best).all({ runId, step, limit });
}
