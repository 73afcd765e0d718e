/** Held-out pairs of two runs, by what either run says of them. */
import type { Database } from './database.ts';

export interface SharedResult {
  readonly pairId: number;
  readonly promptId: number;
  /** Margins of the run itself and of the other. */
  readonly own: number;
  readonly others: number;
}

export function sharedResults(database: Database, runId: number, otherId: number) {
  const shared = database.prepare<[number, number], SharedResult>(
    `SELECT own.pair_id AS pairId, pairs.prompt_id AS promptId, own.margin AS own, others.margin AS others
     FROM pair_results AS own
     JOIN pair_results AS others ON others.run_id = ? AND others.pair_id = own.pair_id
     JOIN pairs ON pairs.id = own.pair_id
     WHERE own.run_id = ? ORDER BY own.pair_id`,
  );
  const counted = database
    .prepare<[number], number>('SELECT count(*) FROM pair_results WHERE run_id = ?')
    .pluck();
  const hash = database
    .prepare<[number], string | null>('SELECT dataset_sha256 FROM runs WHERE id = ?')
    .pluck();
  return {
    shared: shared.all(otherId, runId),
    own: counted.get(runId) ?? 0,
    others: counted.get(otherId) ?? 0,
    /** Both were trained on the same file, so that no label differs. */
    sameDataset: (hash.get(runId) ?? null) !== null && hash.get(runId) === hash.get(otherId),
  };
}
