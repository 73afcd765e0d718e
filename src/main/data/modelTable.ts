import type { ModelInfo } from '#core/jobs.ts';
import type { Database } from './database.ts';

export interface StoredModel {
  readonly id: number;
  readonly name: string;
  readonly path: string;
  readonly info: ModelInfo;
}
type Row = Omit<StoredModel, 'info'> & { readonly info: string };

export function modelTable(database: Database) {
  const all = database.prepare<[], Row>('SELECT id, name, path, info FROM models ORDER BY id');
  const add = database.prepare<[string, string, string]>(
    `INSERT INTO models (name, path, info) VALUES (?, ?, ?)
     ON CONFLICT (path) DO UPDATE SET name = excluded.name, info = excluded.info`,
  );
  const list = (): StoredModel[] =>
    all.all().map((row) => ({ ...row, info: JSON.parse(row.info) as ModelInfo }));
  return {
    list,
    byPath: (path: string) => list().find((model) => model.path === path) ?? null,
    byId: (id: number) => list().find((model) => model.id === id) ?? null,
    put: (name: string, path: string, info: ModelInfo): StoredModel => {
      add.run(name, path, JSON.stringify(info));
      return list().find((model) => model.path === path) as StoredModel;
    },
  };
}
