import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { moveSmallFile, writeSmallFile } from '#disk/smallFile.ts';
import type { RecentProject } from '#shared/entities.ts';

const LONGEST_LIST = 20;
const listSchema = z.array(z.object({ path: z.string(), name: z.string(), openedAt: z.string() }));
type Entry = z.infer<typeof listSchema>[number];

/** Recently opened projects, newest first, in one JSON file of the user's. */
export function recentProjects(userDataDir: string, log: (line: string) => void) {
  const file = join(userDataDir, 'recent.json');
  const read = (): Entry[] => {
    if (!existsSync(file)) return [];
    try {
      return listSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch (error) {
      moveSmallFile(file, `${file}.unreadable`);
      log(`recent.json could not be read and was set aside: ${String(error)}`);
      return [];
    }
  };
  return {
    list: (): RecentProject[] => read().map((entry) => ({ ...entry, exists: existsSync(entry.path) })),
    add: (entry: Entry): void => {
      const others = read().filter(({ path }) => path !== entry.path);
      const list = [entry, ...others].slice(0, LONGEST_LIST);
      writeSmallFile(file, `${JSON.stringify(list, null, 2)}\n`);
    },
  };
}
