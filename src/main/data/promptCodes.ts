import { blobToWeights } from './codeTable.ts';
import type { Database } from './database.ts';

export interface RunCodes {
  readonly run: string;
  /** p(z|x) of a prompt by the run's newest checkpoint whose codes are stored; null where there is none. */
  readonly weights: (promptId: number) => Float32Array | null;
}

/** Null where there is no such run. */
export function runCodes(database: Database, runId: number): RunCodes | null {
  const run = database.prepare<[number], string>('SELECT name FROM runs WHERE id = ?').pluck().get(runId);
  if (run === undefined) return null;
  const step = database
    .prepare<[number], number | null>(
      'SELECT max(step) FROM checkpoint_figures WHERE run_id = ? AND prompts > 0',
    )
    .pluck()
    .get(runId);
  const blob = database
    .prepare<[number, number, number], Buffer>(
      'SELECT weights FROM code_activations WHERE run_id = ? AND step = ? AND prompt_id = ?',
    )
    .pluck();
  return {
    run,
    weights: (promptId) => {
      const found = step == null ? undefined : blob.get(runId, step, promptId);
      return found ? blobToWeights(found) : null;
    },
  };
}
