import { existsSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { FacetError } from '#core/result.ts';
import { copyTo, moveTo } from '#disk/writeFile.ts';
import { listBackups, replacedPath, requireSound } from '../data/backup.ts';
import { lockProject } from '../data/projectLock.ts';

/** What SQLite keeps beside a database; it belongs to that file and to no other. */
const COMPANIONS = ['', '-wal'] as const;

/** The path of a backup that can be gone back to. Throws `project.unknown-backup`, `project.damaged`. */
export function soundBackup(path: string, name: string): string {
  const backup = listBackups(path).find((one) => basename(one.path) === name);
  if (!backup) {
    throw new FacetError({
      code: 'project.unknown-backup',
      message: `${basename(path)} has no backup ${name}.`,
      fix: 'Choose one from the list.',
      where: { file: path },
    });
  }
  requireSound(backup.path);
  return backup.path;
}

/**
 * Puts a backup in the place of the project at `path`, which nobody has open. What is there is moved aside and is a backup of
 * its own from then on. Throws `project.in-use`, `disk.…`; then all is as it was.
 */
export async function putInPlace(path: string, backup: string): Promise<void> {
  const release = lockProject(path);
  try {
    const fresh = `${path}.restored`;
    await copyTo(backup, fresh);
    if (existsSync(path)) {
      const aside = replacedPath(path, new Date());
      for (const end of COMPANIONS) if (existsSync(path + end)) await moveTo(path + end, aside + end);
    }
    rmSync(`${path}-shm`, { force: true });
    await moveTo(fresh, path);
  } finally {
    release();
  }
}
