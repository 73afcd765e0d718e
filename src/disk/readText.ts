import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { FacetError } from '#core/result.ts';
import { NO_WAITING, notAFile, openFile } from './openFile.ts';

/** Far more than any text that is read whole. */
const MOST_BYTES = 256 * 1024 ** 2;

const tooLarge = (path: string, bytes: number, most: number): FacetError =>
  new FacetError({
    code: 'disk.too-large',
    message: `${path} is ${bytes} bytes; no more than ${most} are read.`,
    fix: 'Check that it is the file that was meant.',
    where: { file: path },
  });

/** The text of a regular file that somebody else may have put there. Throws `disk.not-a-file`, `disk.too-large`, or the system's error. */
export async function readText(path: string, most = MOST_BYTES): Promise<string> {
  const handle = await openFile(path);
  try {
    const { size } = await handle.stat();
    if (size > most) throw tooLarge(path, size, most);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/** The same at once, for a command that does nothing else meanwhile. */
export function readTextSync(path: string, most = MOST_BYTES): string {
  const file = openSync(path, constants.O_RDONLY | NO_WAITING);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw notAFile(path);
    if (stats.size > most) throw tooLarge(path, stats.size, most);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}
