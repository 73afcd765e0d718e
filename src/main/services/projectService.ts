import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { FacetError } from '#core/result.ts';
import { moveTo } from '#disk/writeFile.ts';
import type { Inputs, Outputs } from '#shared/contract.ts';
import type { Project, RecentProject } from '#shared/entities.ts';
import { type Backup, listBackups } from '../data/backup.ts';
import { damagedFailure, damageIn } from '../data/check.ts';
import { createDatabase, openDatabase, requireProject } from '../data/database.ts';
import { lockProject } from '../data/projectLock.ts';
import { foldLog } from '../data/transaction.ts';
import { Writer } from '../data/Writer.ts';
import { importInto } from '../import/runImport.ts';
import { runPass } from '../pass/runPass.ts';
import { finishMarks } from './libraryChanges.ts';
import { type CurrentProject, OpenProject } from './OpenProject.ts';
import { CHECKED_AT_ONCE_BYTES, ProjectCare } from './ProjectCare.ts';
import { cleanAfterCrash, indexProject } from './projectImport.ts';
import { recentProjects } from './recentProjects.ts';
import { putInPlace, soundBackup } from './restoreBackup.ts';

const given = <T extends object>(changes: T): Partial<T> =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Partial<T>;

export interface ProjectService {
  current(): Project | null;
  recent(): RecentProject[];
  /** Closes the open project first; so do `open` and `openSample`. */
  create(request: Inputs['project']['create']): Promise<Project>;
  open(path: string): Promise<Project>;
  openSample(): Promise<Project>;
  /** Asks a running training to stop and waits for it, then closes the file. */
  close(): Promise<void>;
  updateSettings(changes: Inputs['project']['updateSettings']): Promise<Project>;
  /** Damage of the open project that somebody came upon: it is read-only from then on. */
  noteDamage(problem: string): void;
  /** The open project once the check that follows its opening has ended. */
  checked(): Promise<Project | null>;
  /** Of the open project, or of one that cannot be opened. The newest first. */
  backups(path: string | null): Outputs['project']['backups'];
  backUp(): Promise<Outputs['project']['backUp']>;
  /** Puts a backup in the project's place, which stays beside as another one, and opens it. */
  restore(path: string | null, name: string): Promise<Project>;
}

export interface ProjectServiceOptions {
  readonly userDataDir: string;
  readonly resourcesDir: string;
  readonly current: CurrentProject;
  /** Ends what a crash left running, before anyone reads the project. */
  readonly afterOpen: (project: OpenProject) => void;
  /** Stops a running training and waits until it is stored. */
  readonly beforeClose: (project: OpenProject) => Promise<void>;
  readonly log: (line: string) => void;
}

const now = (): string => new Date().toISOString();

const named = ({ path, ...backup }: Backup) => ({ ...backup, name: basename(path) });

/** One path a file, whatever links lead to it: the lock beside it must be one too. */
function realPath(path: string): string {
  const folder = dirname(path);
  if (!existsSync(folder)) {
    throw new FacetError({
      code: 'project.cannot-open',
      message: `There is no folder ${folder}.`,
      fix: 'Choose a folder that exists.',
      where: { file: path },
    });
  }
  return existsSync(path) ? realpathSync.native(path) : join(realpathSync.native(folder), basename(path));
}

type Log = (line: string) => void;

/** Runs `open` under the lock, which the project that it gives keeps. */
async function underLock<T>(path: string, open: (release: () => void) => Promise<T>): Promise<T> {
  const release = lockProject(path);
  try {
    return await open(release);
  } catch (error) {
    release();
    throw error;
  }
}

/** What is damaged, before anything is changed: of a large file of this version the check goes on while it is open. */
async function damageFirst(path: string, isOlder: boolean): Promise<readonly string[]> {
  if (statSync(path).size <= CHECKED_AT_ONCE_BYTES) return damageIn(path);
  if (!isOlder) return [];
  const task = { name: 'check', projectPath: path, ask: { deep: false } } as const;
  return runPass(task, new Writer(), new AbortController().signal, () => undefined);
}

/** Looked at first, since a lock beside a file that is no project would be litter; changed only under the lock. */
async function openProject(path: string, log: Log): Promise<OpenProject> {
  const { isOlder } = requireProject(path);
  return underLock(path, async (release) => {
    const damage = await damageFirst(path, isOlder);
    // An upgrade would write the damage on.
    if (isOlder && damage.length > 0) throw new FacetError(damagedFailure(path, damage));
    return new OpenProject(
      path,
      await openDatabase(path, { isDamaged: damage.length > 0 }),
      release,
      log,
      damage,
    );
  });
}

const createProject = (path: string, log: Log): Promise<OpenProject> =>
  underLock(path, async (release) => new OpenProject(path, createDatabase(path), release, log));

/** Makes the sample beside its final place and renames it when it is whole. */
async function makeSample(path: string, resourcesDir: string, log: Log): Promise<void> {
  const folder = join(resourcesDir, 'sample');
  const files = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.jsonl'))
        .sort()
    : [];
  if (files.length === 0) {
    throw new FacetError({
      code: 'project.no-sample',
      message: 'The bundled sample is missing.',
      fix: 'Install Facet again, or create an empty project and import your own pairs.',
      where: { file: folder },
    });
  }
  const partial = `${path}.partial`;
  for (const suffix of ['', '-wal', '-shm']) rmSync(partial + suffix, { force: true });
  mkdirSync(dirname(path), { recursive: true });
  const project = await createProject(partial, log);
  try {
    project.initialise('Sample', now());
    for (const name of files) {
      for await (const frame of importInto(partial, join(folder, name), now(), project.writer)) {
        if (frame.type === 'done' && frame.problemCount > 0) {
          throw new FacetError({
            code: 'project.bad-sample',
            message: `${name} has ${frame.problemCount} rows that cannot be read.`,
            fix: 'Install Facet again.',
          });
        }
      }
    }
    foldLog(project.database);
  } finally {
    project.close();
  }
  await moveTo(partial, path);
}

export function projectService(options: ProjectServiceOptions): ProjectService {
  const { userDataDir, resourcesDir, current, afterOpen, beforeClose, log } = options;
  const recent = recentProjects(userDataDir, log);

  let care: ProjectCare | null = null;

  /** One change of project after another: a second click must not find the first one's lock. */
  const changes = new Writer();
  const inTurn = async <T>(change: () => Promise<T>): Promise<T> => {
    const release = await changes.hold();
    try {
      return await change();
    } finally {
      release();
    }
  };

  const close = async (): Promise<void> => {
    const project = current.get();
    if (!project) return;
    project.closing.abort();
    await beforeClose(project);
    await project.settle();
    const release = await project.writer.holdLast();
    if (current.get() === project) {
      current.set(null);
      project.close();
    }
    release();
  };

  const take = (project: OpenProject): Project => {
    current.set(project);
    care = new ProjectCare(project, log);
    // What a crash left is put in order, unless the file is damaged: then nothing is written to it.
    if (project.damage.length === 0) {
      afterOpen(project);
      cleanAfterCrash(project, log);
      finishMarks(project, log);
      indexProject(project, log);
    }
    const described = project.describe();
    recent.add({ path: described.path, name: described.name, openedAt: now() });
    return described;
  };

  const open = async (path: string): Promise<Project> => {
    const target = realPath(resolve(path));
    const already = current.get();
    if (already?.path === target) return already.describe();
    // Opened before the other is closed: a file that cannot be opened leaves everything as it was.
    const project = await openProject(target, log);
    await close();
    return take(project);
  };

  return {
    current: () => current.get()?.describe() ?? null,
    recent: () => recent.list(),
    create: ({ path, name }) =>
      inTurn(async () => {
        const project = await createProject(realPath(resolve(path)), log);
        project.initialise(name, now());
        await close();
        return take(project);
      }),
    open: (path) => inTurn(() => open(path)),
    openSample: () =>
      inTurn(async () => {
        const path = join(resolve(userDataDir), 'sample.facet');
        if (!existsSync(path)) await makeSample(path, resourcesDir, log);
        return open(path);
      }),
    close: () => inTurn(close),
    noteDamage: (problem) => {
      const project = current.get();
      if (project && project.damage.length === 0) project.foundDamaged([problem]);
    },
    checked: async () => {
      await care?.checked;
      return current.get()?.describe() ?? null;
    },
    backups: (path) => ({
      backups: listBackups(path === null ? current.require().path : realPath(resolve(path))).map(named),
      problem: path === null ? (care?.problem ?? null) : null,
    }),
    backUp: async () => {
      current.require();
      return named(await (care as ProjectCare).backUp());
    },
    restore: (path, name) =>
      inTurn(async () => {
        const target = path === null ? current.require().path : realPath(resolve(path));
        const backup = soundBackup(target, name);
        const wasOpen = current.get()?.path === target;
        if (wasOpen) await close();
        try {
          await putInPlace(target, backup);
        } catch (error) {
          if (wasOpen) await open(target);
          throw error;
        }
        return open(target);
      }),
    updateSettings: async (changes) => {
      const project = current.require();
      await project.writer.write(() => {
        const { guidelines: _, ...before } = project.projectSettings();
        project.settings.set('project', {
          ...before,
          ...given(changes),
          verdict: { ...before.verdict, ...given(changes.verdict ?? {}) },
          gold: { ...before.gold, ...given(changes.gold ?? {}) },
          ratings: { ...before.ratings, ...given(changes.ratings ?? {}) },
        });
      });
      return project.describe();
    },
  };
}
