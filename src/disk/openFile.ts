import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { FacetError } from '#core/result.ts';

/** Without it, opening a named pipe waits until somebody writes to it; Windows knows no such files. */
export const NO_WAITING = constants.O_NONBLOCK ?? 0;

export const notAFile = (path: string): FacetError =>
  new FacetError({
    code: 'disk.not-a-file',
    message: `${path} is not a regular file.`,
    fix: 'Choose a file, or remove what stands in its place.',
    where: { file: path },
  });

/** Opens a regular file to read. Throws `disk.not-a-file` for a folder, pipe, socket or device; else the system's error. */
export async function openFile(path: string): Promise<FileHandle> {
  const handle = await open(path, constants.O_RDONLY | NO_WAITING);
  try {
    if ((await handle.stat()).isFile()) return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  throw notAFile(path);
}
