import { join } from 'node:path';
import type { Database } from './database.ts';

/** What rows name of the folder of runs: a folder a run, and the checkpoints within. */
export function filesOfRuns(database: Database): { runs: string[]; checkpoints: string[] } {
  const runs = database.prepare<[], number>('SELECT id FROM runs').pluck().all().map(String);
  const checkpoints = database
    .prepare<[], { id: number; path: string }>('SELECT run_id AS id, path FROM checkpoints')
    .all()
    .map(({ id, path }) => join(String(id), path));
  return { runs, checkpoints };
}
