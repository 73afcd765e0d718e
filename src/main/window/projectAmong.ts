import { resolve } from 'node:path';

/** The first `.facet` file (in any case: Windows keeps names as they were typed) among a program's arguments; `cwd` is where they were typed. */
export function projectAmong(argv: readonly string[], cwd: string): string | null {
  const named = argv.slice(1).find((one) => !one.startsWith('-') && /\.facet$/i.test(one));
  return named === undefined ? null : resolve(cwd, named);
}
