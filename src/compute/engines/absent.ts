import { FacetError } from '#core/result.ts';

/**
 * Why an engine can't be had: `reason` ends a sentence that begins with its name, `fix` says what to do where that is
 * not what its provider always says, `cause` keeps the words of whatever failed.
 */
export const absent = (reason: string, fix?: string, cause?: unknown): FacetError =>
  new FacetError(
    { code: 'compute.engine-absent', message: reason, ...(fix !== undefined && { fix }) },
    cause === undefined ? undefined : { cause },
  );

/** As `absent`, for an engine that was installed on purpose: passing over it is worth telling. */
export const broken = (reason: string, fix: string | undefined, cause: unknown): FacetError =>
  new FacetError({ code: BROKEN, message: reason, ...(fix !== undefined && { fix }) }, { cause });
export const BROKEN = 'compute.engine-broken';

/** The words of what failed underneath, where they are not those of the failure itself; null otherwise. */
export function detailOf(error: unknown): string | null {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause === undefined) return null;
  return cause instanceof Error ? cause.message : String(cause);
}
