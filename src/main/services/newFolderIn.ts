import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FacetError } from '#core/result.ts';
import { isMissing } from '#disk/failures.ts';

/** A name as every file system takes it. */
export const fileSafe = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60) || 'run';

const found = (path: string) =>
  stat(path).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });

/** Where a folder of that name can be made; makes nothing. Throws `export.no-folder`, `export.exists`. */
export async function newFolderIn(parent: string, name: string): Promise<string> {
  const inside = resolve(parent);
  if (!(await found(inside))?.isDirectory())
    throw new FacetError({
      code: 'export.no-folder',
      message: `${inside} is not a folder.`,
      fix: 'Choose a folder that exists.',
      where: { file: inside },
    });
  const folder = join(inside, name);
  if (await found(folder))
    throw new FacetError({
      code: 'export.exists',
      message: `${folder} already exists, and an export never replaces anything.`,
      fix: 'Move it away, or choose another folder.',
      where: { file: folder },
    });
  return folder;
}
