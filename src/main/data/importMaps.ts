/** Mappings of fields that people chose, by the shape of the file: the next file of that shape is read the same way. */
import type { ImportRules } from '#shared/importEntities.ts';
import type { Database } from './database.ts';
import { settingsTable } from './settings.ts';

export type ImportMap = Pick<ImportRules, 'map' | 'verdicts'>;

const KEY = 'import-maps';
const MOST_SHAPES = 200;

export function importMaps(database: Database) {
  const settings = settingsTable(database);
  const all = (): Record<string, ImportMap> =>
    (settings.get(KEY) as Record<string, ImportMap> | undefined) ?? {};
  return {
    find: (shape: string): ImportMap | null => {
      const maps = all();
      return Object.hasOwn(maps, shape) ? (maps[shape] as ImportMap) : null;
    },
    /** An empty mapping forgets it. The caller holds the turn to write. */
    keep: (shape: string, { map, verdicts }: ImportMap): void => {
      const { [shape]: _, ...others } = all();
      const kept = Object.entries(others).slice(1 - MOST_SHAPES);
      const isEmpty = Object.keys(map ?? {}).length === 0 && Object.keys(verdicts ?? {}).length === 0;
      settings.set(KEY, Object.fromEntries(isEmpty ? kept : [...kept, [shape, { map, verdicts }]]));
    },
  };
}
