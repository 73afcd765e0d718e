/**
 * The copy of a project that is made before an older file is brought to the present version. It lies beside the
 * project, named by the old version and the time, and stays until the next upgrade has succeeded.
 */
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { FacetError, toFailure } from '#core/result.ts';
import { moveTo } from '#disk/writeFile.ts';

/** About 16 MB between two turns of the event loop. */
const PAGES_PER_TURN = 4000;
const ENDING = /^\.v\d+\.\d{4}-\d{2}-\d{2}T\d{6}Z\.backup$/;

/** `my.facet.v5.2026-11-26T210405Z.backup` */
function backupPath(path: string, version: number, at: Date): string {
  const time = `${at.toISOString().slice(0, 19).replaceAll(':', '')}Z`;
  return `${path}.v${version}.${time}.backup`;
}

/** Copies the whole project, write-ahead log included; gives the copy's path. Complete or absent. */
export async function backUp(database: Database, path: string, version: number): Promise<string> {
  const target = backupPath(path, version, new Date());
  const partial = `${target}.partial`;
  try {
    await database.backup(partial, { progress: () => PAGES_PER_TURN });
    await moveTo(partial, target);
    return target;
  } catch (error) {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(partial + suffix, { force: true });
    throw new FacetError(
      {
        code: 'project.no-backup',
        message: `${basename(path)} is of an older version and could not be copied before its upgrade: ${toFailure(error).message}.`,
        fix: 'Make room beside the project, then open it again. The project is as it was.',
        where: { file: path },
      },
      { cause: error },
    );
  }
}

/** Removes the copies of earlier upgrades; `kept` is the present one. */
export function removeOlderBackups(path: string, kept: string): void {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    const ours = name.startsWith(basename(path)) && ENDING.test(name.slice(basename(path).length));
    if (ours && name !== basename(kept)) rmSync(join(folder, name), { force: true });
  }
}
