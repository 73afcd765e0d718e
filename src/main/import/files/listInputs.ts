import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FacetError, toFailure } from '#core/result.ts';
import { headOf, type InputFile } from './bytes.ts';
import { LIMITS } from './limits.ts';
import { filesOfList, isList } from './llamaSets.ts';
import { sniff } from './sniff.ts';
import { unreadable } from './unreadable.ts';
import { zipEntries } from './zip.ts';

async function filesIn(folder: string, found: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((x, y) => (x.name < y.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    if (found.length >= LIMITS.files)
      throw unreadable(folder, `holds more than ${LIMITS.files} files.`, 'Choose a smaller folder.');
    const path = join(folder, entry.name);
    // It says how the files beside it are read, and holds no rows.
    if (isList(path)) continue;
    if (entry.isDirectory()) await filesIn(path, found);
    else if (entry.isFile()) found.push(path);
  }
}

async function inputsAt(path: string): Promise<InputFile[]> {
  const stats = await stat(path).catch((error: unknown) => {
    throw unreadable(
      path,
      `cannot be read: ${toFailure(error).message}.`,
      'Check the path and that you have permission to read it.',
      error,
    );
  });
  if (stats.isDirectory()) {
    const found: string[] = [];
    await filesIn(path, found);
    if (found.length === 0) throw unreadable(path, 'is a folder without files.', 'Choose files of rows.');
    return (await Promise.all(found.map(inputsAt))).flat();
  }
  if (isList(path)) {
    const named = await filesOfList(path);
    if (named.length === 0)
      throw unreadable(path, 'names no file that is there.', 'Put the files that it names beside it.');
    return (await Promise.all(named.map(inputsAt))).flat();
  }
  if (!stats.isFile() || stats.size === 0) return [{ path }];
  const sniffed = sniff(await headOf(path));
  if (sniffed.kind !== 'packed' || sniffed.packing !== 'zip') return [{ path }];
  // One that cannot be read says so when its turn comes, and the files beside it are read.
  const entries = await zipEntries(path).catch((error: unknown) => {
    if (error instanceof FacetError) return null;
    throw error;
  });
  if (entries === null) return [{ path }];
  return entries.filter((entry) => !isList(entry)).map((entry) => ({ path, entry }));
}

/** Folders, lists and zip archives as the files that they hold, each to be read by itself, and once. */
export async function listInputs(paths: readonly string[]): Promise<InputFile[]> {
  const inputs = (await Promise.all(paths.map(inputsAt))).flat();
  const keyOf = ({ path, entry }: InputFile): string => JSON.stringify([resolve(path), entry]);
  return [...new Map(inputs.map((input) => [keyOf(input), input])).values()];
}
