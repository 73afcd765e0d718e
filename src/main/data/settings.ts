import type { Database } from './database.ts';

export interface SettingsTable {
  /** The JSON value under a key, or undefined. */
  get(key: string): unknown;
  set(key: string, value: unknown): void;
}

export function settingsTable(database: Database): SettingsTable {
  const select = database.prepare<[string], { value: string }>('SELECT value FROM settings WHERE key = ?');
  const upsert = database.prepare<[string, string]>(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  return {
    get: (key) => {
      const row = select.get(key);
      return row ? (JSON.parse(row.value) as unknown) : undefined;
    },
    set: (key, value) => {
      upsert.run(key, JSON.stringify(value));
    },
  };
}
