/** Folders and files that are complete or absent, never half there. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FacetError } from '#core/result.ts';

/** Names a folder under way; a crash may leave one behind, and nothing reads it. */
export const PARTIAL_SUFFIX = '.partial';
const MANIFEST = 'manifest.json';

export interface ManifestEntry {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}
export interface FolderSeal {
  /** SHA-256 of the manifest, which holds the hashes of all files. */
  readonly sha256: string;
  readonly bytes: number;
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

export const hashText = (text: string): string => createHash('sha256').update(text).digest('hex');

async function syncFolder(path: string): Promise<void> {
  // Windows can't open a folder for syncing; there the rename itself is journalled.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes and syncs one file in place; for files inside a folder under way. */
export async function writeSynced(path: string, parts: Iterable<string | Uint8Array>): Promise<void> {
  const handle = await open(path, 'w');
  try {
    for (const part of parts) await handle.appendFile(part);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Replaces a file in one move: readers see the old one or the new one. */
export async function writeFileAtomic(path: string, parts: Iterable<string | Uint8Array>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${randomBytes(4).toString('hex')}${PARTIAL_SUFFIX}`;
  await writeSynced(partial, parts);
  await rename(partial, path);
  await syncFolder(dirname(path));
}

/** Fills a folder beside its place, syncs and hashes it, then moves it there. `path` must not exist. */
export async function writeFolderAtomic(
  path: string,
  fill: (folder: string) => Promise<void>,
): Promise<FolderSeal> {
  const partial = `${path}${PARTIAL_SUFFIX}`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  try {
    await fill(partial);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
  const files: ManifestEntry[] = [];
  for (const name of (await readdir(partial)).sort()) {
    const file = join(partial, name);
    files.push({ name, bytes: (await stat(file)).size, sha256: await hashFile(file) });
  }
  const manifest = `${JSON.stringify({ files }, null, 2)}\n`;
  await writeSynced(join(partial, MANIFEST), [manifest]);
  await syncFolder(partial);
  await rename(partial, path);
  await syncFolder(dirname(path));
  const bytes = files.reduce((sum, file) => sum + file.bytes, Buffer.byteLength(manifest));
  return { sha256: hashText(manifest), bytes };
}

const incomplete = (path: string, reason: string): FacetError =>
  new FacetError({
    code: 'checkpoint.incomplete',
    message: `${basename(path)} is no complete checkpoint: ${reason}`,
    fix: 'Use another checkpoint of the run, or train again.',
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

/** Checks every file of a folder against its manifest; throws `checkpoint.incomplete` where something differs. */
export async function verifyFolder(path: string): Promise<FolderSeal> {
  if (path.endsWith(PARTIAL_SUFFIX)) throw incomplete(path, 'writing it was broken off.');
  let manifest: string;
  try {
    manifest = await readFile(join(path, MANIFEST), 'utf8');
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
