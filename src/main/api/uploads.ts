import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { portableName } from '#core/portableName.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';

/** An upload is there to be previewed and imported, an export to be fetched; after that they are only copies. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/** A file in one of the folders that uploads were given, by its path alone. */
const isUpload = (path: string, uploads: string): boolean =>
  resolve(path) === path && dirname(dirname(path)) === resolve(uploads);

/** Folders in a folder that nobody needs any more. */
export async function removeOld(inside: string): Promise<void> {
  for (const name of await readdir(inside)) {
    const folder = join(inside, name);
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > KEPT_MS) await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Streams what came into a folder of its own under `userDataDir/uploads`, or beside an earlier upload that was chosen with
 * it, since a file may say how its neighbours are read; gives the path. Whole or absent.
 */
export async function storeUpload(
  given: string,
  parts: AsyncIterable<Uint8Array>,
  userDataDir: string,
  beside: string | null = null,
): Promise<string> {
  const uploads = join(userDataDir, 'uploads');
  await mkdir(uploads, { recursive: true });
  await removeOld(uploads);
  const safe = portableName(basename(given.replaceAll('\\', '/'))) || 'upload';
  const shared = beside !== null && isUpload(beside, uploads) ? dirname(beside) : null;
  const isFree = shared !== null && existsSync(shared) && !existsSync(join(shared, safe));
  const folder = isFree ? shared : await mkdtemp(join(uploads, 'file-'));
  const path = join(folder, safe);
  try {
    await writeFileAtomic(path, parts, { mode: 0o600 });
  } catch (error) {
    if (!isFree) await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return path;
}
