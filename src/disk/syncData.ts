import { closeSync, constants, fdatasyncSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { diskFailure } from './failures.ts';

/** Brings to the disk what anybody has written to a file so far. */
export async function syncData(path: string): Promise<void> {
  try {
    const handle = await open(path, constants.O_RDWR);
    try {
      await handle.datasync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw diskFailure(error, path);
  }
}

/** The same for whoever can't let others in between: a few tenths of a millisecond on a disk that nobody else uses. */
export function syncDataNow(path: string): void {
  try {
    const file = openSync(path, constants.O_RDWR);
    try {
      fdatasyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw diskFailure(error, path);
  }
}
