/** Held-out pairs of two runs, by what a checkpoint of either says of them. */
import type { Database } from './database.ts';

export interface SharedResult {
  readonly pairId: number;
  readonly promptId: number;
  /** Margins of the run itself and of the other. */
  readonly own: number;
  readonly others: number;
}

/** Two runs, each with the step of one of its checkpoints. */
interface Bound {
  readonly runId: number;
  readonly step: number;
  readonly otherId: number;
  readonly otherStep: number;
}

export function sharedResults(database: Database, { runId, step, otherId, otherStep }: Bound) {
  const shared = database.prepare<[Bound], SharedResult>(
    `SELECT own.pair_id AS pairId, pairs.prompt_id AS promptId, own.margin AS own, others.margin AS others
     FROM pair_results AS own
     JOIN pair_results AS others
       ON others.run_id = @otherId AND others.step = @otherStep AND others.pair_id = own.pair_id
     JOIN pairs ON pairs.id = own.pair_id
     WHERE own.run_id = @runId AND own.step = @step ORDER BY own.pair_id`,
  );
  const counted = database
    .prepare<[number, number], number>('SELECT count(*) FROM pair_results WHERE run_id = ? AND step = ?')
    .pluck();
  const hash = database
    .prepare<[number], string | null>('SELECT dataset_sha256 FROM runs WHERE id = ?')
    .pluck();
  return {
    shared: shared.all({ runId, step, otherId, otherStep }),
    own: counted.get(runId, step) ?? 0,
    others: counted.get(otherId, otherStep) ?? 0,
    /** Both were trained on the same file, so that no label differs. */
    sameDataset: (hash.get(runId) ?? null) !== null && hash.get(runId) === hash.get(otherId),
  };
}
