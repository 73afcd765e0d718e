/** Looks at a project that nobody has open, and repairs it: damage, what refers to files that are gone, what nobody refers to. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { FacetError, toFailure } from '#core/result.ts';
import { PARTIAL_SUFFIX } from '#disk/partials.ts';
import { moveTo } from '#disk/writeFile.ts';
import { type Backup, listBackups, replacedPath } from '../data/backup.ts';
import { damagedFailure, findDamage } from '../data/check.ts';
import { connectReader, requireProject } from '../data/database.ts';
import { foreignPart } from '../data/foreignSchema.ts';
import { lockProject } from '../data/projectLock.ts';
import { filesOfRuns } from '../data/runFiles.ts';
import { type Salvaged, salvage } from '../data/salvage.ts';

export interface Diagnosis {
  readonly path: string;
  /** Of the file, in words. */
  readonly damage: readonly string[];
  /** Files and folders that rows name and that are not there. */
  readonly missing: readonly string[];
  /** Folders of runs that no row names, and what a killed process left unfinished. */
  readonly orphans: readonly string[];
  readonly backups: readonly Backup[];
}
export interface Repair {
  /** What was saved of a damaged file; null where it was sound. */
  readonly salvaged: Salvaged | null;
  /** Where the damaged file is now. */
  readonly aside: string | null;
  readonly removed: readonly string[];
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

function lookAt(path: string): Diagnosis {
  const runsDir = join(`${path}.files`, 'runs');
  let damage: readonly string[] = [];
  let named: ReturnType<typeof filesOfRuns> = { runs: [], checkpoints: [] };
  const database = connectReader(path);
  try {
    const foreign = foreignPart(database);
    damage = [
      ...(foreign === null ? [] : [`it holds “${foreign}”, which Facet did not make`]),
      ...findDamage(database, true),
    ];
    // What is called as a table is may be anything then.
    if (foreign === null) named = filesOfRuns(database);
  } catch (error) {
    damage = [...damage, toFailure(error).message];
  } finally {
    database.close();
  }
  const folders = namesIn(runsDir);
  return {
    path,
    damage,
    missing: named.checkpoints.map((file) => join(runsDir, file)).filter((file) => !existsSync(file)),
    orphans: [
      // Of a damaged file it is not known what it named.
      ...(damage.length > 0 ? [] : folders.filter((name) => !named.runs.includes(name))).map((name) =>
        join(runsDir, name),
      ),
      ...namesIn(`${path}.files/backups`)
        .filter((name) => name.endsWith(PARTIAL_SUFFIX))
        .map((name) => join(`${path}.files`, 'backups', name)),
      ...[`${path}.restored`, `${path}.salvaged`].filter(existsSync),
    ],
    backups: listBackups(path),
  };
}

/** Changes nothing. Throws `project.in-use`, `project.not-found`, `project.not-a-project`. */
export function diagnose(given: string): Diagnosis {
  const path = resolve(given);
  requireProject(path, { onlyOwnParts: false });
  const release = lockProject(path);
  try {
    return lookAt(path);
  } finally {
    release();
  }
}

/**
 * Saves what can be read of a damaged file, which stays beside under another name, and removes what is unfinished. Folders of
 * runs stay: weights may be worth more than the row that named them.
 */
export async function repair(given: string): Promise<Repair> {
  const path = resolve(given);
  requireProject(path, { onlyOwnParts: false });
  const release = lockProject(path);
  try {
    const { damage, orphans } = lookAt(path);
    const unfinished = orphans.filter((file) => !file.startsWith(join(`${path}.files`, 'runs')));
    for (const file of unfinished) rmSync(file, { recursive: true, force: true });
    if (damage.length === 0) return { salvaged: null, aside: null, removed: unfinished };
    const fresh = `${path}.salvaged`;
    let salvaged: Salvaged;
    try {
      salvaged = salvage(path, fresh);
    } catch (error) {
      for (const end of ['', '-wal', '-shm']) rmSync(fresh + end, { force: true });
      throw new FacetError(
        {
          ...damagedFailure(path, [...damage]),
          code: 'project.beyond-repair',
          message: `Nothing could be read of the damaged file: ${toFailure(error).message}.`,
          fix: 'Go back to a backup: open the project in Facet, which lists them.',
        },
        { cause: error },
      );
    }
    const aside = replacedPath(path, new Date());
    for (const end of ['', '-wal']) if (existsSync(path + end)) await moveTo(path + end, aside + end);
    rmSync(`${path}-shm`, { force: true });
    await moveTo(fresh, path);
    return { salvaged, aside, removed: unfinished };
  } finally {
    release();
  }
}
