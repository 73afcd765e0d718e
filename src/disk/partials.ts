/**
 * Names of what is under way. Each holds the process that writes it, so that no two meet and that what a killed one left
 * can be told from what another still writes.
 */
import { randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Ends the name of every file or folder under way; nothing reads one. */
export const PARTIAL_SUFFIX = '.partial';
/** A process of another machine that shares the folder can't be asked after; its writing changes the time. */
const ABANDONED_AFTER_MS = 60 * 60 * 1000;
const MIDDLE = /^\.(\d+)-[0-9a-f]{8}$/;

/** `<path>.<process>-<random>.partial` */
export const partialPath = (path: string): string =>
  `${path}.${process.pid}-${randomBytes(4).toString('hex')}${PARTIAL_SUFFIX}`;

/** Whether a process of this machine runs, ours or not. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not ours to signal is alive all the same.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The process that writes a partial of `name`; null for any other file. */
function writerOf(file: string, name: string): number | null {
  if (!file.startsWith(name) || !file.endsWith(PARTIAL_SUFFIX)) return null;
  const pid = MIDDLE.exec(file.slice(name.length, -PARTIAL_SUFFIX.length))?.[1];
  return pid === undefined ? null : Number(pid);
}

/** Removes what killed processes left of earlier tries to write `path`. */
export async function removeAbandoned(path: string): Promise<void> {
  const folder = dirname(path);
  for (const file of await readdir(folder)) {
    const pid = writerOf(file, basename(path));
    if (pid === null || isProcessAlive(pid)) continue;
    const found = await stat(join(folder, file)).catch(() => null);
    if (found === null || Date.now() - found.mtimeMs < ABANDONED_AFTER_MS) continue;
    await rm(join(folder, file), { recursive: true, force: true });
  }
}
