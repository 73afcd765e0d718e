/** A hash that names a model's files, so that figures are never taken for another model's. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hashFile, hashText } from './hash.ts';
import { ggufAt } from './modelPlace.ts';
import { writeFileAtomic } from './writeFile.ts';

interface KnownHash {
  readonly bytes: number;
  readonly modifiedNs: string;
  readonly sha256: string;
}

const CACHE_FILE = 'model-hashes.json';
const isModelFile = (name: string): boolean => /\.(safetensors|json|jinja)$/.test(name);

/** The GGUF file, or the files of a folder. */
async function modelFiles(place: string): Promise<string[]> {
  const gguf = await ggufAt(place);
  if (gguf !== null) return [gguf];
  return (await readdir(place))
    .filter(isModelFile)
    .sort()
    .map((name) => join(place, name));
}

async function knownHashes(path: string | null): Promise<Map<string, KnownHash>> {
  if (path === null) return new Map();
  try {
    return new Map(Object.entries(JSON.parse(await readFile(path, 'utf8')) as Record<string, KnownHash>));
  } catch {
    // A cache that is absent or damaged costs one hashing.
    return new Map();
  }
}

/**
 * SHA-256 over names and hashes of the model's weights, config, tokenizer and template. A file is hashed again only
 * when its size or time of change differs from what `cacheDir` remembers; null remembers nothing.
 */
export async function modelFingerprint(modelDir: string, cacheDir: string | null): Promise<string> {
  const hashes = await fileHashes(modelDir, cacheDir);
  return hashText(hashes.map(([name, sha256]) => `${name} ${sha256}`).join('\n'));
}

/** SHA-256 of each file of weights, in their order. A hub may hold other files beside them, and other names for them. */
export async function weightHashes(modelDir: string, cacheDir: string | null): Promise<string[]> {
  const hashes = await fileHashes(modelDir, cacheDir);
  return hashes
    .filter(([name]) => name.endsWith('.safetensors'))
    .map(([, sha256]) => sha256)
    .sort();
}

/** By name. */
async function fileHashes(
  modelDir: string,
  cacheDir: string | null,
): Promise<[name: string, sha256: string][]> {
  const cachePath = cacheDir && join(cacheDir, CACHE_FILE);
  const known = await knownHashes(cachePath);
  const hashes: [name: string, sha256: string][] = [];
  let changed = false;
  for (const path of await modelFiles(modelDir)) {
    const { size, mtimeNs } = await stat(path, { bigint: true });
    const seen = known.get(path);
    const unchanged = seen?.bytes === Number(size) && seen.modifiedNs === String(mtimeNs);
    const sha256 = unchanged ? seen.sha256 : await hashFile(path);
    if (!unchanged) {
      known.set(path, { bytes: Number(size), modifiedNs: String(mtimeNs), sha256 });
      changed = true;
    }
    hashes.push([basename(path), sha256]);
  }
  if (changed && cachePath !== null)
    await writeFileAtomic(cachePath, [JSON.stringify(Object.fromEntries(known), null, 1)]);
  return hashes;
}
