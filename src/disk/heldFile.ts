import { setTimeout as pause } from 'node:timers/promises';

/** What Windows says of a file that somebody has open without sharing it. */
const HELD = ['EPERM', 'EACCES', 'EBUSY'];
/** Scanners let go within a fraction of a second; a right that is missing is said after little more than one. */
const PAUSES_MS = [10, 20, 50, 100, 200, 400, 600];

/** Does `work` again for a moment where Windows refuses it: a virus scanner or an index may hold what was just written. Elsewhere once. */
export async function whileHeld<T>(
  work: () => Promise<T>,
  platform: NodeJS.Platform = process.platform,
): Promise<T> {
  for (const ms of platform === 'win32' ? PAUSES_MS : []) {
    try {
      return await work();
    } catch (error) {
      if (!HELD.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      await pause(ms);
    }
  }
  return work();
}
