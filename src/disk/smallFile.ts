/** Settings of a few kilobytes, written without waiting: their callers run while a window closes. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { diskFailure, systemCode } from './failures.ts';
import { partialPath } from './partials.ts';
import type { FileOptions } from './writeFile.ts';

function syncFolder(path: string): void {
  // Windows can't open a folder for syncing; there the move itself is journalled.
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function writeSynced(path: string, content: string | Uint8Array, mode: number | undefined): void {
  const file = openSync(path, 'wx', mode);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** `writeFileAtomic` for a small content. */
export function writeSmallFile(path: string, content: string | Uint8Array, { mode }: FileOptions = {}): void {
  const partial = partialPath(path);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeSynced(partial, content, mode);
    renameSync(partial, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(partial, { force: true });
    throw diskFailure(error, path);
  }
}

/** Takes a name that nobody has: writes the file and says true, or says false where there is one. */
export function claimSmallFile(path: string, content: string): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeSynced(path, content, undefined);
    syncFolder(dirname(path));
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    rmSync(path, { force: true });
    throw diskFailure(error, path);
  }
}

/** `moveTo` without waiting. */
export function moveSmallFile(from: string, to: string): void {
  try {
    renameSync(from, to);
    syncFolder(dirname(to));
  } catch (error) {
    throw diskFailure(error, to);
  }
}
