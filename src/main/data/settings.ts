import type { Database } from './database.ts';

export interface SettingsTable {
  /** The JSON value under a key, or undefined: to be read, not changed. The same object as long as what is stored is the same. */
  get(key: string): unknown;
  set(key: string, value: unknown): void;
}

export function settingsTable(database: Database): SettingsTable {
  const select = database.prepare<[string], string>('SELECT value FROM settings WHERE key = ?').pluck();
  const upsert = database.prepare<[string, string]>(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const known = new Map<string, { readonly text: string; readonly value: unknown }>();
  return {
    get: (key) => {
      const text = select.get(key);
      if (text === undefined) return undefined;
      const before = known.get(key);
      if (before?.text === text) return before.value;
      const value: unknown = JSON.parse(text);
      known.set(key, { text, value });
      return value;
    },
    set: (key, value) => {
      upsert.run(key, JSON.stringify(value));
    },
  };
}
