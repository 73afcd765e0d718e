import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { toFailure } from '#core/result.ts';
import { moveSmallFile, writeSmallFile } from '#disk/smallFile.ts';
import type { RecentProject } from '#shared/entities.ts';

const LONGEST_LIST = 20;
const listSchema = z.array(z.object({ path: z.string(), name: z.string(), openedAt: z.string() }));
type Entry = z.infer<typeof listSchema>[number];

/**
 * Recently opened projects, newest first, in one JSON file of the user's. On a disk that takes nothing they are remembered until
 * Facet ends: a project opens all the same.
 */
export function recentProjects(userDataDir: string, log: (line: string) => void) {
  const file = join(userDataDir, 'recent.json');
  let unwritten: readonly Entry[] | null = null;
  const attempt = (work: () => void): boolean => {
    try {
      work();
      return true;
    } catch (error) {
      log(toFailure(error).message);
      return false;
    }
  };
  const read = (): readonly Entry[] => {
    if (unwritten !== null) return unwritten;
    if (!existsSync(file)) return [];
    try {
      return listSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch (error) {
      log(`recent.json could not be read and is set aside: ${String(error)}`);
      attempt(() => moveSmallFile(file, `${file}.unreadable`));
      return [];
    }
  };
  return {
    list: (): RecentProject[] => read().map((entry) => ({ ...entry, exists: existsSync(entry.path) })),
    add: (entry: Entry): void => {
      const others = read().filter(({ path }) => path !== entry.path);
      const list = [entry, ...others].slice(0, LONGEST_LIST);
      const isWritten = attempt(() => writeSmallFile(file, `${JSON.stringify(list, null, 2)}\n`));
      unwritten = isWritten ? null : list;
    },
  };
}
