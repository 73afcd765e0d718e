/** What is damaged in a project file, by SQLite's own checks, a table at a time. */
import { basename } from 'node:path';
import Sqlite from 'better-sqlite3';
import { type Failure, toFailure } from '#core/result.ts';
import { changedTexts } from './changedTexts.ts';
import type { Database } from './database.ts';

export const DAMAGED_FIX =
  'Go back to a backup (Settings, Project), or save what can be read: facet doctor PROJECT --repair.';

/** More than that says nothing new. */
const MOST_PROBLEMS = 20;

export const isCorruption = (error: unknown): boolean =>
  error instanceof Sqlite.SqliteError &&
  (error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB');

/** What keeps a sound file from being read or written: by SQLite's codes, or the code that they are kinds of. */
const FULL: Failure = {
  code: 'disk.full',
  message: 'The disk that holds the project is full: this was not saved.',
  fix: 'Free some space there, then try again. What was saved before is safe.',
};
const REASONS: Readonly<Record<string, Failure>> = {
  SQLITE_FULL: FULL,
  // The memory that readers and writers of a file share lies beside it, and takes some of the disk when it is opened.
  SQLITE_IOERR_SHMSIZE: FULL,
  SQLITE_READONLY: {
    code: 'project.read-only',
    message: 'The project file can only be read: this was not saved.',
    fix: 'Get permission to write to the file and its folder, then try again. What was saved before is safe.',
  },
  SQLITE_BUSY: {
    code: 'project.held',
    message: 'Another program is writing to the project file: this was not saved.',
    fix: 'Wait until it has ended, or end it, then try again. What was saved before is safe.',
  },
  SQLITE_IOERR: {
    code: 'disk.failed',
    message: 'The system could not read or write the project file: this was not saved.',
    fix: 'Check that its disk is connected and sound, then try again. What was saved before is safe.',
  },
};

/** Any thrown thing as a failure; what SQLite says of a damaged file, or of a disk that takes no more, as that. */
export function storageFailure(error: unknown): Failure {
  if (isCorruption(error))
    return {
      code: 'project.damaged',
      message: `The project file is damaged: ${toFailure(error).message}.`,
      fix: DAMAGED_FIX,
    };
  const code = error instanceof Sqlite.SqliteError ? error.code : '';
  return REASONS[code] ?? REASONS[code.split('_').slice(0, 2).join('_')] ?? toFailure(error);
}

/**
 * `deep` compares every index with its table too, references, and texts with the hashes that they came in under. In words; none where the file is sound. `tick` is called
 * between tables.
 */
export function findDamage(
  database: Database,
  deep: boolean,
  tick: (done: number, total: number) => void = () => undefined,
): string[] {
  const problems: string[] = [];
  const look = (check: () => readonly string[]): void => {
    try {
      problems.push(...check());
    } catch (error) {
      if (!isCorruption(error)) throw error;
      problems.push(toFailure(error).message);
    }
  };
  const pragma = deep ? 'integrity_check' : 'quick_check';
  let tables: string[] = [];
  look(() => {
    tables = database
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .pluck()
      .all();
    return [];
  });
  for (const [index, table] of tables.entries()) {
    tick(index, tables.length);
    if (problems.length >= MOST_PROBLEMS) break;
    look(() =>
      database
        .prepare<[], string>(`PRAGMA ${pragma}("${table.replaceAll('"', '""')}")`)
        .pluck()
        .all()
        .filter((line) => line !== 'ok'),
    );
  }
  if (deep && problems.length === 0) {
    look(() =>
      (database.pragma('foreign_key_check') as readonly { table: string; parent: string }[])
        .slice(0, MOST_PROBLEMS)
        .map(({ table, parent }) => `a row of ${table} refers to a row of ${parent} that is not there`),
    );
    // Other programs may hold it without ours: a file may be of any schema here.
    if (problems.length === 0 && tables.includes('hash_chunks'))
      look(() => changedTexts(database).map((id) => `the texts of pair ${id} are not those that came in`));
  }
  return problems.slice(0, MOST_PROBLEMS);
}

/** Of a file that nobody in this process has open. */
export function damageIn(path: string): string[] {
  let database: Database | undefined;
  try {
    database = new Sqlite(path, { readonly: true, fileMustExist: true });
    return findDamage(database, false);
  } catch (error) {
    if (isCorruption(error)) return [toFailure(error).message];
    throw error;
  } finally {
    database?.close();
  }
}

export const damagedFailure = (path: string, problems: readonly string[]): Failure => ({
  code: 'project.damaged',
  message: `${basename(path)} is damaged and is not written to: ${problems[0]}${problems.length > 1 ? `; ${problems.length - 1} more` : ''}.`,
  fix: DAMAGED_FIX,
  where: { file: path },
});
