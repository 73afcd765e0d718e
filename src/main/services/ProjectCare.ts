/** Looks after the open project: whether its file is sound, and copies to go back to. */
import { existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FacetError, type Failure, toFailure } from '#core/result.ts';
import { type Backup, listBackups, removeOutdated, scheduledPath } from '../data/backup.ts';
import type { Passes, PassName } from '../pass/protocol.ts';
import { runPass } from '../pass/runPass.ts';
import type { OpenProject } from './OpenProject.ts';

const MB = 1024 ** 2;
const MINUTE_MS = 60_000;
/** A file up to this size is checked in a few milliseconds, before it is shown. */
export const CHECKED_AT_ONCE_BYTES = 4 * MB;
/** The first screen comes first. */
const CHECK_AFTER_MS = 1500;
const LOOK_EVERY_MS = 10 * MINUTE_MS;
const IDLE_MS = 5 * MINUTE_MS;
/** A larger project is copied once a day instead of once an hour. */
const HOURLY_UP_TO_BYTES = 256 * MB;

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
const changedAt = (path: string): number =>
  Math.max(...[path, `${path}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0));

/** Whether a copy is due: something has changed since the last one, and that is long enough ago. */
export function isBackupDue(
  { bytes, changedMs, lastMs }: { bytes: number; changedMs: number; lastMs: number | null },
  nowMs: number,
): boolean {
  if (lastMs === null) return true;
  // A clock that was set back must not stop copies for good.
  const age = lastMs > nowMs ? Number.POSITIVE_INFINITY : nowMs - lastMs;
  return changedMs > lastMs && age >= (bytes <= HOURLY_UP_TO_BYTES ? 60 : 24 * 60) * MINUTE_MS;
}

export class ProjectCare {
  readonly #project: OpenProject;
  readonly #log: (line: string) => void;
  readonly #timers: NodeJS.Timeout[] = [];
  /** Resolves once the check that follows the opening has ended, whatever it found. */
  readonly checked: Promise<void>;
  #isDeeplyChecked = false;
  #working: Promise<unknown> | null = null;
  #problem: Failure | null = null;

  constructor(project: OpenProject, log: (line: string) => void) {
    this.#project = project;
    this.#log = log;
    const isChecked = project.damage.length > 0 || sizeOf(project.path) <= CHECKED_AT_ONCE_BYTES;
    this.checked = isChecked ? Promise.resolve() : this.#checkSoon();
    const timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    timer.unref();
    this.#timers.push(timer);
    project.closing.signal.addEventListener('abort', () => this.#timers.forEach(clearTimeout), {
      once: true,
    });
  }

  /** Why the last copy could not be made; null where it was. */
  get problem(): Failure | null {
    return this.#problem;
  }

  /** What is due: a copy, or, where nobody works, a closer look at the file. One at a time; never throws. */
  async look(now = new Date()): Promise<void> {
    const { path, damage, writer } = this.#project;
    if (this.#working || damage.length > 0 || this.#project.closing.signal.aborted) return;
    const last = listBackups(path).find(({ kind }) => kind === 'scheduled');
    const facts = {
      bytes: sizeOf(path),
      changedMs: changedAt(path),
      lastMs: last ? Date.parse(last.at) : null,
    };
    if (isBackupDue(facts, now.getTime())) {
      await this.backUp(now).catch((error: unknown) => this.#log(`backup: ${toFailure(error).message}`));
      return;
    }
    if (this.#isDeeplyChecked || now.getTime() - writer.lastUseMs < IDLE_MS) return;
    this.#isDeeplyChecked = true;
    await this.#check(true);
  }

  /** Makes a copy now, reads it back, and removes copies that need not be kept. */
  async backUp(now = new Date()): Promise<Backup> {
    const { path } = this.#project;
    const target = scheduledPath(path, now);
    try {
      if (!existsSync(target)) {
        await this.#requireRoom();
        await this.#run('backup', { target });
      }
      removeOutdated(path, now);
      this.#problem = null;
    } catch (error) {
      this.#problem = toFailure(error);
      throw error;
    }
    const made = listBackups(path).find((backup) => backup.path === target);
    if (made) return made;
    throw new FacetError({ code: 'project.no-backup', message: `${target} is gone again.` });
  }

  async #requireRoom(): Promise<void> {
    const { path } = this.#project;
    const { bavail, bsize } = await statfs(dirname(path));
    const needed = 1.2 * (sizeOf(path) + sizeOf(`${path}-wal`));
    if (bavail * bsize >= needed) return;
    throw new FacetError({
      code: 'project.no-room-for-backup',
      message: `There is no room for a backup of the project beside it: it takes ${Math.ceil(needed / MB)} MB, and ${Math.floor((bavail * bsize) / MB)} MB are free.`,
      fix: 'Free some space there. What you label is saved all the same.',
      where: { file: path },
    });
  }

  #checkSoon(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => void this.#check(false).then(resolve), CHECK_AFTER_MS);
      timer.unref();
      this.#timers.push(timer);
      this.#project.closing.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  async #check(deep: boolean): Promise<void> {
    try {
      const problems = await this.#run('check', { deep });
      if (problems.length === 0) return;
      this.#project.foundDamaged(problems);
      this.#log(`${this.#project.path} is damaged: ${problems.join('; ')}`);
    } catch (error) {
      if (!this.#project.closing.signal.aborted) this.#log(`check: ${toFailure(error).message}`);
    }
  }

  async #run<K extends PassName>(name: K, ask: Passes[K]['ask']): Promise<Passes[K]['answer']> {
    await this.#working?.catch(() => undefined);
    const { path, writer, closing } = this.#project;
    const running = runPass({ name, projectPath: path, ask }, writer, closing.signal, () => undefined);
    this.#working = running;
    this.#project.track(running);
    try {
      return await running;
    } finally {
      this.#working = null;
    }
  }
}
