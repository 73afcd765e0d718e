import { FacetError } from '#core/result.ts';

interface Reason {
  readonly code: string;
  readonly says: string;
  readonly fix: string;
}

const FULL: Reason = {
  code: 'disk.full',
  says: 'the disk is full',
  fix: 'Free some space there, then try again.',
};
const NOT_ALLOWED: Reason = {
  code: 'disk.not-allowed',
  says: 'you don’t have permission',
  fix: 'Get permission to write there, or choose another folder.',
};
const NO_FOLDER: Reason = {
  code: 'disk.no-folder',
  says: 'its folder does not exist',
  fix: 'Choose a folder that exists.',
};
/** By the system's own codes. */
const REASONS: Readonly<Record<string, Reason>> = {
  ENOSPC: FULL,
  EDQUOT: { ...FULL, says: 'your share of the disk is used up' },
  EFBIG: {
    code: 'disk.file-too-large',
    says: 'the file would grow larger than the system allows',
    fix: 'Raise the file size limit, or choose a disk whose file system allows larger files.',
  },
  EACCES: NOT_ALLOWED,
  EPERM: NOT_ALLOWED,
  EROFS: { ...NOT_ALLOWED, says: 'the disk is read-only' },
  ENOENT: NO_FOLDER,
  ENOTDIR: { ...NO_FOLDER, says: 'what should be its folder is a file' },
  EEXIST: { ...NO_FOLDER, says: 'what should be its folder is a file' },
};

export const systemCode = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;

export const isMissing = (error: unknown): boolean => systemCode(error) === 'ENOENT';

/** What went wrong while `path` was written. A `FacetError` is passed on: it says more already. */
export function diskFailure(error: unknown, path: string): FacetError {
  if (error instanceof FacetError) return error;
  const reason = REASONS[systemCode(error) ?? ''];
  const text = error instanceof Error ? error.message : String(error);
  return new FacetError(
    {
      code: reason?.code ?? 'disk.failed',
      message: `${path} can't be written: ${reason?.says ?? text}.`,
      fix: reason?.fix ?? 'Resolve what the system reports, then try again.',
      where: { file: path },
    },
    { cause: error },
  );
}
