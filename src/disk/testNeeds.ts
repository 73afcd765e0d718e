/** For tests that can't do without something: where it is absent they are skipped, and the end of a run says why. */
import { existsSync } from 'node:fs';

declare module 'vitest' {
  interface TaskMeta {
    /** What a skipped test or suite lacks, in words. */
    missing?: string;
  }
}

/** The first of `paths` that is not there, in words; null where all are. */
export function absent(...paths: readonly string[]): string | null {
  const path = paths.find((one) => !existsSync(one));
  return path === undefined ? null : `${path} is absent`;
}

/** Options of a test or suite: skipped for the reason given, run where there is none. */
export const needing = (missing: string | null): { skip?: boolean; meta?: { missing: string } } =>
  missing === null ? {} : { skip: true, meta: { missing } };
