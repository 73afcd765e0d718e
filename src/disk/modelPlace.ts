/** Where a model lies: a Hugging Face folder, or a GGUF file, itself or the only one of a folder without `config.json`. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FacetError } from '#core/result.ts';
import { isMissing } from './failures.ts';

export const isGgufName = (name: string): boolean => name.toLowerCase().endsWith('.gguf');

/** Path of the GGUF file that is the model, or null where it is a folder of other files. Throws `model.several-files`. */
export async function ggufAt(place: string): Promise<string | null> {
  const stats = await stat(place).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (stats === null) return null;
  if (stats.isFile()) return isGgufName(place) ? place : null;
  if (!stats.isDirectory()) return null;
  const names = (await readdir(place)).sort();
  if (names.includes('config.json')) return null;
  const found = names.filter(isGgufName);
  if (found.length > 1)
    throw new FacetError({
      code: 'model.several-files',
      message: `${place} holds ${found.length} GGUF files: ${found.slice(0, 5).join(', ')}${found.length > 5 ? ', …' : ''}.`,
      fix: 'Choose one of them.',
      where: { file: place },
    });
  return found[0] === undefined ? null : join(place, found[0]);
}
