/** What other loaders call the model that a run was trained on. */
import type { BaseName } from '#core/jobs.ts';

const HUB_NAME = /^(\w[\w.-]*\/[\w.-]+?)(?:@([\w./-]+))?$/;
/** A snapshot in a Hugging Face cache. */
const CACHED = /[\\/]models--([^\\/]+?)--([^\\/]+)[\\/]snapshots[\\/]([0-9a-f]{40})[\\/]?$/;

/**
 * As given, else by the hub that the folder was fetched from, else by its place in a Hugging Face cache; null where none of them
 * tells. `fetchedFrom` knows the folders that Facet fetched.
 */
export function baseName(
  given: string | undefined,
  modelDir: string,
  fetchedFrom: (folder: string) => BaseName | null,
): BaseName | null {
  if (given !== undefined) {
    const [, name, revision] = HUB_NAME.exec(given) ?? [];
    return name === undefined ? { name: given, revision: null } : { name, revision: revision ?? null };
  }
  const fetched = fetchedFrom(modelDir);
  if (fetched !== null) return fetched;
  const [, owner, name, commit] = CACHED.exec(modelDir) ?? [];
  return owner === undefined || commit === undefined ? null : { name: `${owner}/${name}`, revision: commit };
}
