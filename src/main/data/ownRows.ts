/** Rows that every project has beside what people put into it: tables rest on them. */
import { statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { Database } from './database.ts';
import { STARTING_GUIDELINES } from './guidelineTable.ts';
import { inTransaction } from './transaction.ts';

/** What is called as its file is, where the name is lost. */
export const nameFromPath = (path: string): string => basename(path, extname(path));

const MISSING = `SELECT
  (SELECT count(*) FROM settings WHERE key IN ('name', 'createdAt', 'project')) < 3
  OR NOT EXISTS (SELECT 1 FROM guideline_versions WHERE number IS NOT NULL)
  OR NOT EXISTS (SELECT 1 FROM visible)
  OR (SELECT count(*) FROM marks WHERE id <= 3) < 3`;

/** As the migrations put them there. */
const PUT_BACK = `
INSERT OR IGNORE INTO visible (only, last_pair, last_prompt, last_response, last_source, prompts)
VALUES (1, 9223372036854775807, 9223372036854775807, 9223372036854775807, 9223372036854775807,
  (SELECT count(*) FROM stored_prompts));
INSERT OR IGNORE INTO marks (id, kind, name) VALUES (1, 'deleted', ''), (2, 'excluded', ''), (3, 'first', '');`;

/**
 * Puts back what is lost of them, as a project has it that was just made: a file saved around damaged pages may lack any. Whether
 * anything was.
 */
export function putBackOwnRows(database: Database, path: string): boolean {
  if (database.prepare<[], number>(MISSING).pluck().get() !== 1) return false;
  const setting = database.prepare<[string, string]>(
    'INSERT OR IGNORE INTO settings (key, value) VALUES (?, ?)',
  );
  const hasGuidelines = database.prepare('SELECT 1 FROM guideline_versions WHERE number IS NOT NULL');
  const addGuidelines = database.prepare<[string, string]>(
    "INSERT INTO guideline_versions (number, text, note, saved_at) VALUES (1, ?, '', ?)",
  );
  inTransaction(database, () => {
    const madeAt = statSync(path).birthtime.toISOString();
    setting.run('name', JSON.stringify(nameFromPath(path)));
    setting.run('createdAt', JSON.stringify(madeAt));
    setting.run('project', '{}');
    if (hasGuidelines.get() === undefined) addGuidelines.run(STARTING_GUIDELINES, madeAt);
    database.exec(PUT_BACK);
  });
  return true;
}
