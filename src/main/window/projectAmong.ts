import { resolve } from 'node:path';

/** The first `.facet` file among a program's arguments; `cwd` is where they were typed. */
export function projectAmong(argv: readonly string[], cwd: string): string | null {
  const named = argv.slice(1).find((one) => !one.startsWith('-') && one.endsWith('.facet'));
  return named === undefined ? null : resolve(cwd, named);
}
