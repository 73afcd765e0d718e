import type { Database } from 'better-sqlite3';
import { MIGRATIONS } from './migrations/index.ts';

/** 'FACT': marks a SQLite file as a project of ours. */
export const APPLICATION_ID = 0x46414354;

export function schemaVersion(database: Database): number {
  return database.pragma('user_version', { simple: true }) as number;
}

/** Brings the file from its version to `target`, each step in a transaction of its own with its version. */
export function migrate(database: Database, target: number = MIGRATIONS.length): void {
  for (let version = schemaVersion(database); version < target; version++) {
    database
      .transaction(() => {
        database.exec(MIGRATIONS[version] as string);
        database.pragma(`application_id = ${APPLICATION_ID}`);
        database.pragma(`user_version = ${version + 1}`);
      })
      .immediate();
  }
}
