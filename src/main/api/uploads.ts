import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeFileAtomic } from '#disk/writeFile.ts';

/** An upload is there to be previewed and imported, an export to be fetched; after that they are only copies. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/** Folders in a folder that nobody needs any more. */
export async function removeOld(inside: string): Promise<void> {
  for (const name of await readdir(inside)) {
    const folder = join(inside, name);
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > KEPT_MS) await rm(folder, { recursive: true, force: true });
  }
}

/** Streams what came into a folder of its own under `userDataDir/uploads`; gives the path. Whole or absent. */
export async function storeUpload(
  given: string,
  parts: AsyncIterable<Uint8Array>,
  userDataDir: string,
): Promise<string> {
  const uploads = join(userDataDir, 'uploads');
  await mkdir(uploads, { recursive: true });
  await removeOld(uploads);
  const folder = await mkdtemp(join(uploads, 'file-'));
  const name = basename(given.replaceAll('\\', '/')).replaceAll('\0', '') || 'upload';
  const path = join(folder, name === '.' || name === '..' ? 'upload' : name);
  try {
    await writeFileAtomic(path, parts, { mode: 0o600 });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return path;
}
