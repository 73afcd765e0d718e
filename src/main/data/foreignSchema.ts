/**
 * Views and triggers of a project file that are not Facet's own: SQLite runs them whenever the tables are read or written, so a
 * file that somebody prepared could never come to an end, or change verdicts unseen.
 */
import Sqlite, { type Database } from 'better-sqlite3';
import { schemaVersion } from './migrate.ts';
import { MIGRATIONS } from './migrations/index.ts';

interface Made {
  readonly name: string;
  readonly text: string;
}

/** Without what SQLite's versions write in one way or another. */
const plain = (sql: string): string => sql.replaceAll(/["'`[\]\s]+/g, '').toLowerCase();

const madeIn = (database: Database): Made[] =>
  database
    .prepare<[], { type: string; name: string; sql: string }>(
      "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('view', 'trigger')",
    )
    .all()
    .map(({ type, name, sql }) => ({ name, text: `${type} ${name} ${plain(sql)}` }));

const known = new Map<number, ReadonlySet<string>>();

/** What a file of that version holds as Facet makes it. */
function ownAt(version: number): ReadonlySet<string> {
  const found = known.get(version);
  if (found) return found;
  const fresh = new Sqlite(':memory:');
  try {
    for (const script of MIGRATIONS.slice(0, version)) fresh.exec(script);
    const own = new Set(madeIn(fresh).map(({ text }) => text));
    known.set(version, own);
    return own;
  } finally {
    fresh.close();
  }
}

/** The name of one that Facet has not made; null where all are its own. Nothing of it is run. */
export function foreignPart(database: Database): string | null {
  const own = ownAt(schemaVersion(database));
  return madeIn(database).find(({ text }) => !own.has(text))?.name ?? null;
}
