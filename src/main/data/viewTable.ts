import { type SavedView, tableViewSchema } from '#shared/entities.ts';
import type { Database } from './database.ts';

/** Ways to look at the table that were given a name. */
export function viewTable(database: Database) {
  const list = database.prepare<[], { id: number; name: string; view: string }>(
    'SELECT id, name, view FROM views ORDER BY name COLLATE NOCASE',
  );
  const save = database.prepare<[string, string]>(
    'INSERT INTO views (name, view) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET view = excluded.view',
  );
  const remove = database.prepare<[number]>('DELETE FROM views WHERE id = ?');
  return {
    list: (): SavedView[] =>
      list.all().map((row) => ({ ...row, view: tableViewSchema.parse(JSON.parse(row.view)) })),
    /** A name that is there already stands for the new view. */
    save: ({ name, view }: Omit<SavedView, 'id'>): void => {
      save.run(name, JSON.stringify(view));
    },
    remove: (id: number): void => {
      remove.run(id);
    },
  };
}
