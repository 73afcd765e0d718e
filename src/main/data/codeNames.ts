/** What people call the codes of a run. */
import type { Database } from './database.ts';

export interface CodeName {
  readonly code: number;
  readonly name: string;
  readonly note: string;
}

export function codeNames(database: Database) {
  const names = database.prepare<[number], CodeName>(
    'SELECT code, name, note FROM code_names WHERE run_id = ? ORDER BY code',
  );
  const setName = database.prepare<[number, number, string, string]>(
    `INSERT INTO code_names (run_id, code, name, note) VALUES (?, ?, ?, ?)
     ON CONFLICT (run_id, code) DO UPDATE SET name = excluded.name, note = excluded.note`,
  );
  return {
    of: (runId: number): CodeName[] => names.all(runId),
    set: (runId: number, { code, name, note }: CodeName): void => {
      setName.run(runId, code, name, note);
    },
  };
}
