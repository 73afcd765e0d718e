/** Folders that are complete or absent: a manifest, written last, holds the hash of every file. */
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FacetError } from '#core/result.ts';
import { diskFailure } from './failures.ts';
import { hashFile, hashText } from './hash.ts';
import { PARTIAL_SUFFIX, partialPath, removeAbandoned } from './partials.ts';
import { readText } from './readText.ts';
import { moveTo, syncFolder, writeFileAtomic } from './writeFile.ts';

const MANIFEST = 'manifest.json';

interface ManifestEntry {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}
export interface FolderSeal {
  /** SHA-256 of the manifest, which holds the hashes of all files. */
  readonly sha256: string;
  readonly bytes: number;
}

async function seal(folder: string): Promise<FolderSeal> {
  const files: ManifestEntry[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const file = join(folder, name);
    files.push({ name, bytes: (await stat(file)).size, sha256: await hashFile(file) });
  }
  const manifest = `${JSON.stringify({ files }, null, 2)}\n`;
  await writeFileAtomic(join(folder, MANIFEST), [manifest]);
  await syncFolder(folder);
  const bytes = files.reduce((sum, file) => sum + file.bytes, Buffer.byteLength(manifest));
  return { sha256: hashText(manifest), bytes };
}

/**
 * Fills a folder beside its place, then moves it there. `path` must not exist; `fill` writes its files by this layer,
 * which syncs them. Whatever fails leaves nothing behind.
 */
export async function makeFolderAtomic<T>(path: string, fill: (folder: string) => Promise<T>): Promise<T> {
  const partial = partialPath(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    await removeAbandoned(path);
    await mkdir(partial);
  } catch (error) {
    throw diskFailure(error, path);
  }
  try {
    const filled = await fill(partial);
    await moveTo(partial, path);
    return filled;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

/** The same, its files (no folders) named and hashed by a manifest. */
export const writeFolderAtomic = (
  path: string,
  fill: (folder: string) => Promise<void>,
): Promise<FolderSeal> =>
  makeFolderAtomic(path, async (folder) => {
    await fill(folder);
    return seal(folder);
  });

const incomplete = (path: string, reason: string): FacetError =>
  new FacetError({
    code: 'disk.incomplete-folder',
    message: `${basename(path)} is incomplete: ${reason}`,
    fix: 'Write it again.',
    where: { file: path },
  });

function manifestFiles(text: string): readonly ManifestEntry[] | null {
  try {
    const parsed = JSON.parse(text) as { files?: readonly ManifestEntry[] } | null;
    return Array.isArray(parsed?.files) ? parsed.files : null;
  } catch {
    return null;
  }
}

/** Checks every file of a folder against its manifest; throws `disk.incomplete-folder` where something differs. */
export async function verifyFolder(path: string): Promise<FolderSeal> {
  if (path.endsWith(PARTIAL_SUFFIX)) throw incomplete(path, 'it was never finished.');
  let manifest: string;
  try {
    manifest = await readText(join(path, MANIFEST));
  } catch (error) {
    throw incomplete(path, `its manifest can't be read (${error instanceof Error ? error.message : error}).`);
  }
  const files = manifestFiles(manifest);
  if (files === null) throw incomplete(path, 'its manifest is damaged.');
  let bytes = Buffer.byteLength(manifest);
  for (const { name, sha256 } of files) {
    const found = await hashFile(join(path, name)).catch(() => null);
    if (found === null) throw incomplete(path, `${name} is missing.`);
    if (found !== sha256) throw incomplete(path, `${name} has changed since it was written.`);
    bytes += (await stat(join(path, name))).size;
  }
  return { sha256: hashText(manifest), bytes };
}
