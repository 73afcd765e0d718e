import { blobToWeights } from './codeTable.ts';
import type { Database } from './database.ts';

export interface RunCodes {
  readonly run: string;
  /** p(z|x) of a prompt; null where the run has none. */
  readonly weights: (promptId: number) => Float32Array | null;
}

/** Null where there is no such run. */
export function runCodes(database: Database, runId: number): RunCodes | null {
  const run = database.prepare<[number], string>('SELECT name FROM runs WHERE id = ?').pluck().get(runId);
  if (run === undefined) return null;
  const blob = database
    .prepare<[number, number], Buffer>(
      'SELECT weights FROM code_activations WHERE run_id = ? AND prompt_id = ?',
    )
    .pluck();
  return {
    run,
    weights: (promptId) => {
      const found = blob.get(runId, promptId);
      return found ? blobToWeights(found) : null;
    },
  };
}
