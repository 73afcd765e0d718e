/** One file of a repository: fetched into `<name>.part`, checked, then given its name. */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FacetError, toFailure } from '#core/result.ts';
import { isMissing } from '#disk/failures.ts';
import { GrowingFile } from '#disk/GrowingFile.ts';
import { hashFile } from '#disk/hash.ts';
import { moveTo, writeFileAtomic } from '#disk/writeFile.ts';
import { type Place, sorted, TransientError, throwForStatus } from './hubFailures.ts';
import type { HubFetch } from './hubFetch.ts';
import type { PlannedFile } from './planFiles.ts';
import { type RetryDelays, withRetries } from './retry.ts';

export interface FetchFile {
  readonly file: PlannedFile;
  readonly folder: string;
  readonly url: string;
  readonly place: Place;
  readonly fetch: HubFetch;
  readonly delaysMs: RetryDelays;
  readonly signal: AbortSignal;
  /** Bytes of the file that are on disk. */
  readonly onBytes: (bytes: number) => void;
  readonly onChecking: () => void;
}

/** Wrong bytes are fetched anew this often before the file counts as damaged at its source. */
const CHECKSUM_ATTEMPTS = 3;

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Whether a file on disk holds what the hub says it does. A file that the hub states no sum of is judged by its size. */
async function matches(path: string, file: PlannedFile, signal: AbortSignal): Promise<boolean> {
  if ((await sizeOf(path)) !== file.bytes) return false;
  const expected = file.sha256 ?? file.gitSha1;
  if (expected === null) return true;
  const asGit = { algorithm: 'sha1', prefix: `blob ${file.bytes}\0` };
  return (await hashFile(path, { signal, ...(file.sha256 === null && asGit) })) === expected.toLowerCase();
}

/** Where the answer's bytes belong in the file; throws where they belong nowhere. */
function placeOf(answer: Response, have: number, { file, place }: FetchFile): number {
  if (answer.status === 200) return 0;
  if (answer.status !== 206) throwForStatus(answer.status, answer.headers, place);
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(answer.headers.get('content-range') ?? '');
  const total = range?.[3] === '*' ? file.bytes : Number(range?.[3]);
  if (!range || Number(range[1]) !== have || total !== file.bytes) {
    throw new TransientError(
      `${file.path}: asked for bytes from ${have}, got ${answer.headers.get('content-range')}`,
    );
  }
  return have;
}

/** One request for what is missing, written as it comes. */
async function fetchRest(options: FetchFile, part: string): Promise<void> {
  const { file, url, fetch, signal, onBytes, place } = options;
  let have = (await sizeOf(part)) ?? 0;
  // More than the whole can't be the start of it.
  if (have > file.bytes) have = 0;
  onBytes(have);
  if (have === file.bytes && file.bytes > 0) return;
  try {
    const headers: Record<string, string> = { 'accept-encoding': 'identity' };
    if (have > 0) headers.range = `bytes=${have}-`;
    const answer = await fetch(url, { headers, signal });
    if (answer.status === 416) {
      await answer.body?.cancel();
      await rm(part, { force: true });
      throw new TransientError(`${file.path}: the hub has nothing after byte ${have}`);
    }
    const from = placeOf(answer, have, options);
    const growing = await GrowingFile.open(part, from);
    try {
      for await (const chunk of answer.body ?? []) {
        if (growing.bytes + chunk.length > file.bytes) {
          await growing.empty();
          throw new TransientError(
            `${file.path}: the hub sent more than the ${file.bytes} bytes it announced`,
          );
        }
        await growing.write(chunk);
        onBytes(growing.bytes);
      }
      await growing.sync();
    } finally {
      await growing.close();
    }
    if (growing.bytes < file.bytes)
      throw new TransientError(`${file.path}: the connection ended at byte ${growing.bytes}`);
  } catch (error) {
    signal.throwIfAborted();
    throw sorted(noSpace(error, part), place);
  }
}

function noSpace(error: unknown, part: string): unknown {
  if (toFailure(error).code !== 'disk.full') return error;
  return new FacetError({
    code: 'hub.no-space',
    message: `The disk is full at ${part}.`,
    fix: 'Free some space, then resume.',
    where: { file: part },
  });
}

/**
 * Leaves the file complete and checked in the folder. What a stopped attempt left in `<name>.part` is gone on from.
 * Throws `hub.checksum`, the failures of `throwForStatus`, and `TransientError` after the last attempt.
 */
export async function fetchFile(options: FetchFile): Promise<void> {
  const { file, folder, delaysMs, signal, onBytes, onChecking } = options;
  const path = join(folder, file.path);
  const part = `${path}.part`;
  if ((await sizeOf(path)) !== null) {
    onChecking();
    if (await matches(path, file, signal)) {
      onBytes(file.bytes);
      return;
    }
    await rm(path);
  }
  for (let attempt = 1; attempt <= CHECKSUM_ATTEMPTS; attempt++) {
    let most = 0;
    const watched: FetchFile = {
      ...options,
      onBytes: (bytes) => {
        most = bytes;
        onBytes(bytes);
      },
    };
    await withRetries(() => fetchRest(watched, part), { delaysMs, signal, progress: () => most });
    if (file.bytes === 0) await writeFileAtomic(part, []);
    onChecking();
    if (await matches(part, file, signal)) {
      await moveTo(part, path);
      return;
    }
    await rm(part, { force: true });
  }
  throw new FacetError({
    code: 'hub.checksum',
    message: `${file.path} was downloaded ${CHECKSUM_ATTEMPTS} times, each time with other contents than the hub announces.`,
    fix: 'Try again later, or through another endpoint or proxy; nothing of it was kept.',
    where: { file: path },
  });
}
