/** Rows of a file that wait for others of their kind, which may stand anywhere in it. */
import Sqlite, { type Database, type Statement } from 'better-sqlite3';
import { contentHash, hashBytes } from './hashes.ts';

export interface WaitingRow {
  /** Where it begins. */
  readonly row: number;
  readonly text: string;
}
export interface WaitingGroup {
  readonly rows: readonly WaitingRow[];
  /** All rows of it, of which `rows` are the first. */
  readonly count: number;
}
interface Stored extends WaitingRow {
  readonly first: number;
}
interface Store {
  readonly database: Database;
  readonly addKey: Statement<[Buffer, number]>;
  readonly addRow: Statement<[number, number, string, Buffer]>;
}

const CACHE_KIB = 16 * 1024;

function openStore(): Store {
  const database = new Sqlite('');
  database.pragma('journal_mode = OFF');
  database.pragma('synchronous = OFF');
  database.pragma(`cache_size = -${CACHE_KIB}`);
  // What stands on one line has one row: the order is that in which rows came.
  database.exec(`
    CREATE TABLE keys (hash BLOB PRIMARY KEY, first INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE waiting (first INTEGER NOT NULL, place INTEGER NOT NULL, row INTEGER NOT NULL, text TEXT NOT NULL,
      PRIMARY KEY (first, place)) STRICT, WITHOUT ROWID;
    BEGIN;`);
  return {
    database,
    addKey: database.prepare('INSERT INTO keys (hash, first) VALUES (?, ?) ON CONFLICT DO NOTHING'),
    addRow: database.prepare(
      'INSERT INTO waiting (first, place, row, text) SELECT first, ?, ?, ? FROM keys WHERE hash = ?',
    ),
  };
}

/**
 * Keeps rows by a key until the file is read. They lie in a temporary file of SQLite's, which has no name, goes when it is
 * closed, and of which some megabytes are in memory.
 */
export class WaitingRows {
  #store: Store | null = null;
  #count = 0;

  /** Rows come in the order of the file; `key` says which belong together. */
  add(key: string, { row, text }: WaitingRow): void {
    this.#store ??= openStore();
    const hash = hashBytes(contentHash(key));
    this.#store.addKey.run(hash, this.#count);
    this.#store.addRow.run(this.#count, row, text, hash);
    this.#count += 1;
  }

  /** Those of one key together, by where the first of them stands. Of more than `most`, the first are given. */
  *groups(most: number): Generator<WaitingGroup> {
    if (!this.#store) return;
    const stored = this.#store.database.prepare<[], Stored>(
      'SELECT first, row, text FROM waiting ORDER BY first, place',
    );
    let last: number | null = null;
    let count = 0;
    let rows: WaitingRow[] = [];
    for (const { first, row, text } of stored.iterate()) {
      if (last !== null && first !== last) {
        yield { rows, count };
        [rows, count] = [[], 0];
      }
      last = first;
      count += 1;
      if (rows.length < most) rows.push({ row, text });
    }
    if (count > 0) yield { rows, count };
  }

  close(): void {
    this.#store?.database.close();
    this.#store = null;
  }
}
