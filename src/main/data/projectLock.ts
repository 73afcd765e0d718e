import { existsSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import Sqlite from 'better-sqlite3';
import { FacetError } from '#core/result.ts';
import { translated } from './database.ts';

function openLock(lockPath: string, path: string): Sqlite.Database {
  try {
    return new Sqlite(lockPath, { timeout: 0 });
  } catch (error) {
    throw translated(error, path);
  }
}

/**
 * One process works on a project at a time. The lock is an exclusive SQLite lock on a file beside the project: the
 * operating system drops it with the process, so that a crash never leaves a project locked.
 */
export function lockProject(path: string): () => void {
  const lockPath = `${path}-lock`;
  const wasThere = existsSync(lockPath);
  const holder = openLock(lockPath, path);
  try {
    holder.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    holder.close();
    if (!(error instanceof Sqlite.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) {
      // On a full disk, say, where nobody else can have taken it either.
      if (!wasThere) rmSync(lockPath, { force: true });
      throw translated(error, path);
    }
    throw new FacetError(
      {
        code: 'project.in-use',
        message: `${basename(path)} is open in another Facet.`,
        fix: 'Close it there first.',
        where: { file: path },
      },
      { cause: error },
    );
  }
  return () => {
    // While it is still held, so that nobody else has just taken it; Windows keeps an open file.
    if (process.platform !== 'win32') rmSync(lockPath, { force: true });
    holder.close();
  };
}
