import Sqlite from 'better-sqlite3';
import { FacetError } from '#core/result.ts';
import type { Database } from './database.ts';

export interface Person {
  readonly id: number;
  readonly name: string;
}

/** The people who label in a project. */
export function annotatorTable(database: Database) {
  const all = database.prepare<[], Person>(
    "SELECT id, name FROM annotators WHERE kind = 'person' ORDER BY id",
  );
  const byId = database.prepare<[number], Person>(
    "SELECT id, name FROM annotators WHERE kind = 'person' AND id = ?",
  );
  const byName = database.prepare<[string], Person>(
    "SELECT id, name FROM annotators WHERE kind = 'person' AND name = ?",
  );
  const add = database.prepare<[string]>("INSERT INTO annotators (name, kind) VALUES (?, 'person')");
  const rename = database.prepare<[string, number]>('UPDATE annotators SET name = ? WHERE id = ?');

  const find = (name: string): Person | null => byName.get(name) ?? null;
  const get = (id: number): Person => {
    const person = byId.get(id);
    if (person) return person;
    throw new FacetError({
      code: 'annotate.unknown-annotator',
      message: `Nobody labels in this project as number ${id}.`,
      fix: 'Choose your name.',
    });
  };
  return {
    all: () => all.all(),
    get,
    find,
    findOrAdd: (name: string): Person => find(name) ?? { id: Number(add.run(name).lastInsertRowid), name },
    /** The same person, verdicts and history included, under another name. */
    rename: (id: number, name: string): Person => {
      get(id);
      try {
        rename.run(name, id);
      } catch (error) {
        if (!(error instanceof Sqlite.SqliteError) || error.code !== 'SQLITE_CONSTRAINT_UNIQUE') throw error;
        throw new FacetError(
          {
            code: 'annotate.name-taken',
            message: `${name} labels in this project already.`,
            fix: 'Choose another name.',
          },
          { cause: error },
        );
      }
      return { id, name };
    },
  };
}
