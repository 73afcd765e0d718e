import { createHash } from 'node:crypto';
import { openFile } from './openFile.ts';

export interface HashOptions {
  /** As `node:crypto` names it; SHA-256 by default. */
  readonly algorithm?: string;
  /** Hashed before the file's own bytes. */
  readonly prefix?: string;
  readonly signal?: AbortSignal;
}

const READ_BYTES = 1024 ** 2;

/** In hex; of a file of any size, a piece at a time. */
export async function hashFile(
  path: string,
  { algorithm = 'sha256', prefix = '', signal }: HashOptions = {},
): Promise<string> {
  const hash = createHash(algorithm).update(prefix);
  const stream = (await openFile(path)).createReadStream({
    highWaterMark: READ_BYTES,
    ...(signal && { signal }),
  });
  for await (const chunk of stream) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** SHA-256 in hex. */
export const hashText = (text: string): string => createHash('sha256').update(text).digest('hex');
