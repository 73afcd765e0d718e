/** Opens a project file: a SQLite database of ours, or a `FacetError` that says why not. Never half-opened. */
import { accessSync, constants, existsSync, lstatSync, rmSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { FacetError, type Failure } from '#core/result.ts';
import { backUp, removeOlderBackups } from './backup.ts';
import { DAMAGED_FIX } from './check.ts';
import { foreignPart } from './foreignSchema.ts';
import { APPLICATION_ID, migrate, schemaVersion } from './migrate.ts';
import { SCHEMA_VERSION } from './migrations/index.ts';
import { putBackOwnRows } from './ownRows.ts';
import { inTransaction } from './transaction.ts';

export type { Database } from 'better-sqlite3';

const BUSY_TIMEOUT_MS = 5000;
/** What an import makes it: a commit into a log that is long enough has no length to bring to the disk. */
const LOG_BYTES = 64 * 1024 ** 2;

function configure(database: Database): void {
  database.pragma('journal_mode = WAL');
  // FULL: a commit has reached the disk when it returns. A person's label rests on it.
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  // A log that an import made long doesn't stay so once its content is in the file.
  database.pragma(`journal_size_limit = ${LOG_BYTES}`);
  // What a trigger or a savepoint may have to take back: in files of their own each verdict would make some.
  database.pragma('temp_store = MEMORY');
  // A REPLACE must not slip past the triggers that keep annotations append-only.
  database.pragma('recursive_triggers = ON');
}

function checkIdentity(database: Database, path: string): void {
  const name = basename(path);
  if (database.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
    throw new FacetError({
      code: 'project.not-a-project',
      message: `${name} is a database, but not a Facet project.`,
      fix: 'Choose a project file, or import pairs into a new project.',
      where: { file: path },
    });
  }
  const version = schemaVersion(database);
  if (version > SCHEMA_VERSION) {
    throw new FacetError({
      code: 'project.newer-version',
      message: `${name} was written by a newer Facet (file version ${version}; this one reads up to ${SCHEMA_VERSION}).`,
      fix: 'Update Facet, then open the project again.',
      where: { file: path },
    });
  }
}

function requireOwnParts(database: Database, path: string): void {
  const foreign = foreignPart(database);
  if (foreign !== null) {
    throw new FacetError({
      code: 'project.foreign-parts',
      message: `${basename(path)} holds “${foreign}”, which Facet did not make: SQLite would run it with everything that is read or written.`,
      fix: 'Ask whoever gave you the file for its pairs, or copy its rows alone to a new project: facet doctor PROJECT --repair.',
      where: { file: path },
    });
  }
}

/** SQLite's log needs files beside the project: on a disk that is read-only it says no more than that it can't open. */
function isHeldFromWriting(path: string): boolean {
  const folder = dirname(path);
  if (!existsSync(folder)) return false;
  try {
    accessSync(folder, constants.W_OK);
    return false;
  } catch {
    return true;
  }
}

function openFailure(error: unknown, path: string): Failure | null {
  const where = { file: path };
  const name = basename(path);
  const code = error instanceof Sqlite.SqliteError ? error.code : '';
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return {
      code: code === 'SQLITE_NOTADB' ? 'project.not-a-project' : 'project.damaged',
      message:
        code === 'SQLITE_NOTADB'
          ? `${name} is not a Facet project.`
          : `${name} is damaged and cannot be read.`,
      fix: code === 'SQLITE_NOTADB' ? 'Choose a project file.' : DAMAGED_FIX,
      where,
    };
  }
  const cantOpen = code.startsWith('SQLITE_CANTOPEN');
  if (code.startsWith('SQLITE_READONLY') || code === 'SQLITE_PERM' || (cantOpen && isHeldFromWriting(path))) {
    return {
      code: 'project.read-only',
      message: `${name} cannot be written.`,
      fix: 'Get permission to write to the file and its folder, or open a copy.',
      where,
    };
  }
  if (cantOpen) {
    return {
      code: 'project.cannot-open',
      message: `${name} cannot be opened.`,
      fix: 'Check that it is a file, that its folder exists and that you can write to both.',
      where,
    };
  }
  return null;
}

/** A connection that writes an import's hidden rows to a project that is open here; see `hiddenRows`. */
export function connectImport(path: string): Database {
  const database = new Sqlite(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  configure(database);
  // Ids are given out by the import itself; a check of each would only cost time.
  database.pragma('foreign_keys = OFF');
  // What it writes counts from the statement that shows it, and that one reaches the disk (`durably`).
  database.pragma('synchronous = NORMAL');
  database.pragma('cache_size = -16384');
  return database;
}

/** Runs `change` as one transaction that has reached the disk when it returns, with everything written before it. */
export function durably(database: Database, change: () => void): void {
  database.pragma('synchronous = FULL');
  try {
    inTransaction(database, change);
  } finally {
    database.pragma('synchronous = NORMAL');
  }
}

/** A connection that only reads a project that is open here. */
export function connectReader(path: string): Database {
  const database = new Sqlite(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  database.pragma('temp_store = MEMORY');
  return database;
}

/** A reader that sees one state of the file until it is closed, whatever is written meanwhile. */
export function connectSnapshot(path: string): Database {
  const database = connectReader(path);
  database.exec('BEGIN');
  return database;
}

function requireFile(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  // SQLite would wait at a named pipe for somebody to write to it; of a folder it says what it is.
  if (stats && !stats.isFile() && !stats.isDirectory()) {
    throw new FacetError({
      code: 'project.not-a-project',
      message: `${basename(path)} is not a regular file.`,
      fix: 'Choose a project file.',
      where: { file: path },
    });
  }
  if (stats) return;
  throw new FacetError({
    code: 'project.not-found',
    message: `There is no file ${path}.`,
    fix: 'Check the path; if the file was moved, open it from where it is now.',
    where: { file: path },
  });
}

/** What SQLite says of a file that it can't open, as a failure with what to do; anything else as it is. */
export function translated(error: unknown, path: string): unknown {
  const failure = openFailure(error, path);
  return failure ? new FacetError(failure, { cause: error }) : error;
}

/** From now on nothing is written through this connection. */
export function forbidWriting(database: Database): void {
  database.pragma('query_only = ON');
}

/** What a process left that was killed in the midst of a change before the log was on: SQLite takes it back, but has to write for it. */
const HALF_WRITTEN = ['SQLITE_READONLY_ROLLBACK', 'SQLITE_READONLY_RECOVERY'];

function look<T>(path: string, readonly: boolean, see: (database: Database) => T): T {
  const database = new Sqlite(path, { readonly, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    return see(database);
  } finally {
    database.close();
  }
}

/**
 * Throws where the file is no project that this Facet can open. Changes nothing, so it needs no lock; what a kill left half-written
 * is taken back, under SQLite's own. Says whether opening it will upgrade it. `onlyOwnParts` false: for whoever reads rows of its
 * tables alone.
 */
export function requireProject(
  path: string,
  { onlyOwnParts = true }: { readonly onlyOwnParts?: boolean } = {},
): { readonly isOlder: boolean } {
  requireFile(path);
  const see = (database: Database) => {
    checkIdentity(database, path);
    if (onlyOwnParts) requireOwnParts(database, path);
    return { isOlder: schemaVersion(database) < SCHEMA_VERSION };
  };
  try {
    try {
      return look(path, true, see);
    } catch (error) {
      if (!(error instanceof Sqlite.SqliteError && HALF_WRITTEN.includes(error.code))) throw error;
      return look(path, false, see);
    }
  } catch (error) {
    throw translated(error, path);
  }
}

/**
 * Opens an existing project and brings it to the present version; an older one is first copied beside (`backUp`). Rows that each project
 * has are put back where one lacks them, unless it is damaged. The caller holds the project's lock.
 */
export async function openDatabase(path: string, { isDamaged = false } = {}): Promise<Database> {
  requireFile(path);
  let database: Database | undefined;
  try {
    database = new Sqlite(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    checkIdentity(database, path);
    requireOwnParts(database, path);
    // A file that may not be written opens all the same and fails at the first write: ask now.
    database.exec('BEGIN IMMEDIATE; ROLLBACK');
    const version = schemaVersion(database);
    const copy = version < SCHEMA_VERSION ? await backUp(database, path, version) : null;
    configure(database);
    migrate(database);
    if (!isDamaged) putBackOwnRows(database, path);
    if (copy !== null) removeOlderBackups(path, copy);
    return database;
  } catch (error) {
    database?.close();
    throw translated(error, path);
  }
}

const isTaken = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/** Makes a new project file; refuses a path that is taken, and leaves nothing behind when it fails. */
export function createDatabase(path: string): Database {
  if (isTaken(path)) {
    throw new FacetError({
      code: 'project.exists',
      message: `The file ${path} already exists.`,
      fix: 'Choose another name, or open that project.',
      where: { file: path },
    });
  }
  let database: Database | undefined;
  try {
    database = new Sqlite(path, { timeout: BUSY_TIMEOUT_MS });
    configure(database);
    migrate(database);
    return database;
  } catch (error) {
    database?.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    const failure = openFailure(error, path);
    if (failure) throw new FacetError(failure, { cause: error });
    throw error instanceof TypeError
      ? new FacetError(
          {
            code: 'project.cannot-open',
            message: error.message,
            fix: 'Choose a folder that exists.',
            where: { file: path },
          },
          { cause: error },
        )
      : error;
  }
}
