import type { Database } from 'better-sqlite3';
import { MIGRATIONS } from './migrations/index.ts';

/** 'FACT': marks a SQLite file as a project of ours. */
export const APPLICATION_ID = 0x46414354;

export function schemaVersion(database: Database): number {
  return database.pragma('user_version', { simple: true }) as number;
}

function checkReferences(database: Database): void {
  const broken = database.pragma('foreign_key_check') as readonly { table: string }[];
  if (broken.length > 0) throw new Error(`rows of ${broken[0]?.table} refer to rows that are not there`);
}

/** Brings the file from its version to `target`, each step in a transaction of its own with its version. */
export function migrate(database: Database, target: number = MIGRATIONS.length): void {
  const checked = database.pragma('foreign_keys', { simple: true });
  // A table that is rebuilt is away for a moment; what refers to it is checked when all is done.
  database.pragma('foreign_keys = OFF');
  try {
    for (let version = schemaVersion(database); version < target; version++) {
      database
        .transaction(() => {
          database.exec(MIGRATIONS[version] as string);
          checkReferences(database);
          database.pragma(`application_id = ${APPLICATION_ID}`);
          database.pragma(`user_version = ${version + 1}`);
        })
        .immediate();
    }
  } finally {
    database.pragma(`foreign_keys = ${checked}`);
  }
}
