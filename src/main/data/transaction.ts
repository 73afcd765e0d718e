import Sqlite from 'better-sqlite3';
import { syncData, syncDataNow } from '#disk/syncData.ts';
import type { Database } from './database.ts';

/** All of `change` or none of it; waits for another connection's write first. */
export function inTransaction<T>(database: Database, change: () => T): T {
  return database.transaction(change).immediate();
}

/**
 * The same, on the disk when it returns. SQLite's own way (`fsync`) brings the log's times to the disk too, which takes a file
 * system's journal several turns; a commit needs the log's bytes and its length (`fdatasync`).
 * A failure of the sync alone is thrown though `change` stands: whoever asks again finds it done, and syncs.
 */
export function inSyncedTransaction<T>(database: Database, change: () => T): T {
  database.pragma('synchronous = NORMAL');
  let value: T;
  try {
    value = inTransaction(database, change);
  } finally {
    database.pragma('synchronous = FULL');
  }
  syncDataNow(`${database.name}-wal`);
  return value;
}

/** Brings everything into the one file: what is in the log beside it is written over. */
export function foldLog(database: Database): void {
  database.pragma('wal_checkpoint(TRUNCATE)');
}

/**
 * Who copies the log into the file: every connection by itself as it commits, or only one that is asked to
 * (`copyLog`), so that no commit of a person's verdict does it during an import.
 */
export function copyLogAtCommit(database: Database, on: boolean): void {
  database.pragma(`wal_autocheckpoint = ${on ? 1000 : 0}`);
}
/** Brings what the log holds to the disk, while others go on writing. */
export const syncLog = (database: Database): Promise<void> => syncData(`${database.name}-wal`);

/** Copies what it can without waiting for readers or holding up a writer. */
export function copyLog(database: Database): void {
  database.pragma('wal_checkpoint(PASSIVE)');
}

/** What `unlessLocked` gives where another connection writes just now. */
export const LOCKED = Symbol('locked');

/** As `inSyncedTransaction`, but gives `LOCKED` instead of waiting for another connection's write; nothing of `change` ran then. */
export function unlessLocked<T>(database: Database, change: () => T): T | typeof LOCKED {
  const patienceMs = database.pragma('busy_timeout', { simple: true }) as number;
  const bePatient = (): void => void database.pragma(`busy_timeout = ${patienceMs}`);
  let isBegun = false;
  database.pragma('busy_timeout = 0');
  try {
    return inSyncedTransaction(database, () => {
      isBegun = true;
      bePatient();
      return change();
    });
  } catch (error) {
    if (!isBegun && error instanceof Sqlite.SqliteError && error.code === 'SQLITE_BUSY') return LOCKED;
    throw error;
  } finally {
    bePatient();
  }
}
