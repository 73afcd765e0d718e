/**
 * Copies of a project to go back to. Those of the schedule lie in its folder of files (`my.facet.files/backups`); the one that is
 * made before an older file is brought to the present version lies beside the project, as does a file that another took the
 * place of.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { FacetError, toFailure } from '#core/result.ts';
import { isMissing } from '#disk/failures.ts';
import { moveTo } from '#disk/writeFile.ts';
import { findDamage } from './check.ts';

/** About 16 MB between two turns of the event loop. */
const PAGES_PER_TURN = 4000;
const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

type BackupKind = 'scheduled' | 'before-upgrade' | 'replaced';
export interface Backup {
  readonly kind: BackupKind;
  readonly path: string;
  /** When it was made, as ISO 8601. */
  readonly at: string;
  readonly bytes: number;
}

/** 2026-11-26T210405Z: a time that every file system takes as a name. */
const stamp = (at: Date): string => `${at.toISOString().slice(0, 19).replaceAll(':', '')}Z`;
const TIME = String.raw`(\d{4}-\d{2}-\d{2}T)(\d{2})(\d{2})(\d{2})Z`;
const timeOf = (match: RegExpExecArray | null): string | null =>
  match && `${match[1]}${match[2]}:${match[3]}:${match[4]}.000Z`;

const scheduledFolder = (path: string): string => join(`${path}.files`, 'backups');
export const scheduledPath = (path: string, at: Date): string =>
  join(scheduledFolder(path), `${stamp(at)}.facet`);
/** A name that is free: what was there must not be lost. */
export function replacedPath(path: string, at: Date): string {
  const name = `${path}.replaced.${stamp(at)}`;
  return existsSync(name) ? replacedPath(path, new Date(at.getTime() + 1000)) : name;
}

/** Where copies of a kind lie, and how their names go on after what all of them begin with. */
const KINDS: readonly {
  kind: BackupKind;
  folder(path: string): string;
  begins(path: string): string;
  ends: RegExp;
}[] = [
  {
    kind: 'scheduled',
    folder: scheduledFolder,
    begins: () => '',
    ends: new RegExp(`^${TIME}\\.facet$`),
  },
  {
    kind: 'before-upgrade',
    folder: dirname,
    begins: basename,
    ends: new RegExp(`^\\.v\\d+\\.${TIME}\\.backup$`),
  },
  { kind: 'replaced', folder: dirname, begins: basename, ends: new RegExp(`^\\.replaced\\.${TIME}$`) },
];

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** The newest first. */
export function listBackups(path: string): Backup[] {
  const found = KINDS.flatMap(({ kind, folder, begins, ends }) =>
    namesIn(folder(path)).flatMap((name): Backup[] => {
      const start = begins(path);
      const at = name.startsWith(start) ? timeOf(ends.exec(name.slice(start.length))) : null;
      if (at === null) return [];
      const file = join(folder(path), name);
      const stats = statSync(file, { throwIfNoEntry: false });
      return stats?.isFile() ? [{ kind, path: file, at, bytes: stats.size }] : [];
    }),
  );
  return found.sort((one, other) => (one.at < other.at ? 1 : -1));
}

/**
 * Of scheduled copies those that need not be kept: one every four hours stays for a day, one a day for a week, one a week for
 * five weeks; the newest stays whatever its age.
 */
export function outdated(backups: readonly Backup[], now: Date): Backup[] {
  const ages = [
    { upTo: DAY_MS, every: 4 * HOUR_MS },
    { upTo: 7 * DAY_MS, every: DAY_MS },
    { upTo: 35 * DAY_MS, every: 7 * DAY_MS },
  ];
  const kept = new Set<string>();
  const scheduled = backups.filter(({ kind }) => kind === 'scheduled');
  return scheduled.filter(({ at }, index) => {
    const time = Date.parse(at);
    const span = ages.find(({ upTo }) => now.getTime() - time <= upTo);
    const slot = span && `${span.every} ${Math.floor(time / span.every)}`;
    if (index === 0) {
      if (slot) kept.add(slot);
      return false;
    }
    if (slot === undefined || kept.has(slot)) return true;
    kept.add(slot);
    return false;
  });
}

export function removeOutdated(path: string, now: Date): void {
  for (const { path: file } of outdated(listBackups(path), now)) rmSync(file, { force: true });
}

/** Copies the whole project, write-ahead log included, and reads the copy back. Complete or absent. */
export async function copyDatabase(
  database: Database,
  target: string,
  tick: (done: number, total: number) => void = () => undefined,
): Promise<void> {
  const partial = `${target}.partial`;
  const remove = (): void => {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(partial + suffix, { force: true });
  };
  remove();
  try {
    mkdirSync(dirname(target), { recursive: true });
    await database.backup(partial, {
      progress: ({ totalPages, remainingPages }) => {
        tick(totalPages - remainingPages, totalPages);
        return PAGES_PER_TURN;
      },
    });
    requireSound(partial);
    await moveTo(partial, target);
  } catch (error) {
    remove();
    throw error;
  }
}

/** Throws `project.damaged` where the copy cannot be gone back to. */
export function requireSound(path: string): void {
  // Not read-only: the last connection that may write takes its log away with it.
  const copy = new Sqlite(path, { fileMustExist: true });
  let problems: readonly string[];
  try {
    problems = findDamage(copy, false);
  } finally {
    copy.close();
  }
  if (problems.length === 0) return;
  throw new FacetError({
    code: 'project.damaged',
    message: `${basename(path)} is damaged: ${problems[0]}.`,
    fix: 'Choose another backup.',
    where: { file: path },
  });
}

/** The copy that is made before an upgrade; gives its path. */
export async function backUp(database: Database, path: string, version: number): Promise<string> {
  const target = `${path}.v${version}.${stamp(new Date())}.backup`;
  try {
    await copyDatabase(database, target);
    return target;
  } catch (error) {
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
  for (const backup of listBackups(path)) {
    if (backup.kind === 'before-upgrade' && backup.path !== kept) rmSync(backup.path, { force: true });
  }
}
