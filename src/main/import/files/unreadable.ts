import { basename } from 'node:path';
import { FacetError } from '#core/result.ts';

/** A file that cannot be read: `reason` and `fix` are sentences' ends and whole sentences. */
export function unreadable(file: string, reason: string, fix: string, cause?: unknown): FacetError {
  return new FacetError(
    { code: 'import.unreadable-file', message: `${basename(file)} ${reason}`, fix, where: { file } },
    { cause },
  );
}
