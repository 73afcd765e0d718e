import { existsSync, lstatSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { FacetError, toFailure } from '#core/result.ts';
import { translated } from './database.ts';

function openLock(lockPath: string, path: string): Sqlite.Database {
  try {
    return new Sqlite(lockPath, { timeout: 0 });
  } catch (error) {
    throw translated(error, path);
  }
}

/** A folder that is this person's alone; null where another one stands in its place or none can be made. */
function ownFolder(): string | null {
  try {
    const { uid, username } = userInfo();
    // Windows numbers nobody, and its folder for what is temporary is each person's own.
    const folder = join(tmpdir(), `facet-locks-${uid < 0 ? username : uid}`);
    mkdirSync(folder, { mode: 0o700, recursive: true });
    const stats = lstatSync(folder);
    const isOwn = uid < 0 || (stats.uid === uid && (stats.mode & 0o022) === 0);
    return stats.isDirectory() && isOwn ? folder : null;
  } catch {
    return null;
  }
}

/**
 * Of the file itself, by whatever name: two hard links to one file would have two logs, and end its order. It lies where each name leads
 * to; where it can't be made, a name is all that is locked. Throws `project.in-use`.
 */
function lockFile(path: string): () => void {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  const folder = ownFolder();
  if (stats === undefined || folder === null) return () => undefined;
  try {
    return holdLock(join(folder, `${stats.dev}-${stats.ino}`), path);
  } catch (error) {
    if (toFailure(error).code === 'project.in-use') throw error;
    return () => undefined;
  }
}

/** A project by its name and its file. */
export function lockProject(path: string): () => void {
  const release = holdLock(`${path}-lock`, path);
  try {
    const releaseFile = lockFile(path);
    return () => {
      releaseFile();
      release();
    };
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * One process works on a project at a time. The lock is an exclusive SQLite lock on a file beside the project: the
 * operating system drops it with the process, so that a crash never leaves a project locked.
 */
function holdLock(lockPath: string, path: string): () => void {
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
