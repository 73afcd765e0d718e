/** Saves what can be read of a damaged project file into a new one, around the pages that cannot. */
import Sqlite, { type Database } from 'better-sqlite3';
import { acceptTexts } from './changedTexts.ts';
import { isCorruption } from './check.ts';
import { createDatabase } from './database.ts';
import { migrate, schemaVersion } from './migrate.ts';
import { putBackOwnRows } from './ownRows.ts';

/** Made anew from what is there. */
const DERIVED = new Set(['search_segments', 'search_postings', 'duplicate_groups', 'duplicate_members']);
/** Above every id. */
const HIGHEST_ID = 2 ** 40;
const STEP = 8;
const SMALL_STEPS_UP_TO = 2048;

export interface Salvaged {
  /** Rows that were copied, by table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Rows that were copied and could not stay, as they rest on others that are lost. */
  readonly dropped: number;
  /** Pairs whose texts are not those that came in; they are kept as they are. */
  readonly changed: readonly number[];
}

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly hasRowid: boolean;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function tablesOf(database: Database): Table[] {
  const list = database.pragma('table_list') as { name: string; type: string; wr: number }[];
  return list
    .filter(({ name, type }) => type === 'table' && !name.startsWith('sqlite_') && !DERIVED.has(name))
    .map(({ name, wr }) => ({
      name,
      columns: (database.pragma(`table_info(${quoted(name)})`) as { name: string }[]).map((one) => one.name),
      hasRowid: wr === 0,
    }));
}

/** Runs `read`; false where it came upon damage. */
function survives(read: () => void): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (!isCorruption(error)) throw error;
    return false;
  }
}

function copyTable(from: Database, to: Database, { name, columns, hasRowid }: Table): number {
  const list = columns.map(quoted).join(', ');
  const places = columns.map(() => '?').join(', ');
  const insert = to.prepare<unknown[]>(`INSERT OR IGNORE INTO ${quoted(name)} (${list}) VALUES (${places})`);
  let copied = 0;
  const put = (row: unknown[]): void => {
    copied += insert.run(...row).changes;
  };
  if (!hasRowid) {
    const key = (from.pragma(`table_info(${quoted(name)})`) as { name: string; pk: number }[])
      .filter(({ pk }) => pk > 0)
      .sort((one, other) => one.pk - other.pk)
      .map((one) => quoted(one.name));
    // From either end, as far as it goes.
    for (const way of ['ASC', 'DESC']) {
      const order = key.map((column) => `${column} ${way}`).join(', ');
      survives(() => {
        const rows = from
          .prepare<[], unknown[]>(`SELECT ${list} FROM ${quoted(name)} ORDER BY ${order}`)
          .safeIntegers()
          .raw();
        for (const row of rows.iterate()) put(row);
      });
    }
    return copied;
  }
  const rows = from
    .prepare<[number], unknown[]>(
      `SELECT rowid, ${list} FROM ${quoted(name)} NOT INDEXED WHERE rowid >= ? ORDER BY rowid`,
    )
    // Limits that are the largest integer don't fit a number.
    .safeIntegers()
    .raw();
  const begins = (id: number): boolean => survives(() => void rows.get(id));
  for (let next: number | null = 0; next !== null; ) {
    let last: number = next - 1;
    const isWhole = survives(() => {
      for (const [id, ...row] of rows.iterate(last + 1)) {
        put(row);
        last = Number(id);
      }
    });
    next = isWhole ? null : readableAfter(last + 1, begins);
  }
  return copied;
}

/** The first id after a damaged page from which rows can be read again; null where none can. */
function readableAfter(id: number, begins: (id: number) => boolean): number | null {
  let low = id;
  // By small steps over the next pages, so that a sound one between two damaged ones is found; then by ever larger ones.
  for (let step = STEP; id + step < HIGHEST_ID; step += step < SMALL_STEPS_UP_TO ? STEP : step) {
    let high = id + step;
    if (!begins(high)) {
      low = high;
      continue;
    }
    while (low + 1 < high) {
      const middle = Math.floor((low + high) / 2);
      if (begins(middle)) high = middle;
      else low = middle;
    }
    return high;
  }
  return null;
}

/** What refers to rows that are lost: the reference goes where it may be absent, else the row. */
function mendReferences(to: Database, tables: readonly Table[]): number {
  let dropped = 0;
  for (let changed = true; changed; ) {
    changed = false;
    for (const { name } of tables) {
      const references = to.pragma(`foreign_key_list(${quoted(name)})`) as {
        table: string;
        from: string;
        to: string | null;
      }[];
      const columns = to.pragma(`table_info(${quoted(name)})`) as {
        name: string;
        notnull: number;
        pk: number;
      }[];
      for (const reference of references) {
        const column = columns.find((one) => one.name === reference.from);
        const own = quoted(reference.from);
        const missing = `${own} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${quoted(reference.table)} AS parent
          WHERE parent.${quoted(reference.to ?? 'id')} = ${quoted(name)}.${own})`;
        const mayBeAbsent = column?.notnull === 0 && column.pk === 0;
        const { changes } = to
          .prepare(
            mayBeAbsent
              ? `UPDATE ${quoted(name)} SET ${own} = NULL WHERE ${missing}`
              : `DELETE FROM ${quoted(name)} WHERE ${missing}`,
          )
          .run();
        if (changes > 0) changed = true;
        if (!mayBeAbsent) dropped += changes;
      }
    }
  }
  return dropped;
}

/** What is kept beside the rows and follows from them. */
const RECOUNT = `
INSERT OR IGNORE INTO standing (pair_id, annotator_id, annotation_id, decision)
SELECT pair_id, annotator_id, coalesce(restores_id, id), decision FROM annotations
WHERE decision <> 'retracted' AND id IN (
  SELECT max(id) FROM annotations WHERE repeats_id IS NULL GROUP BY pair_id, annotator_id);
UPDATE stored_sources SET pairs = (
  SELECT count(*) FROM stored_pairs
  WHERE source_id = stored_sources.id AND stored_pairs.id <= (SELECT last_pair FROM visible));
UPDATE visible SET prompts = (SELECT count(*) FROM prompts);`;

/**
 * Rows below an inner page that is lost are not found. Reads the damaged file at `from`, which nobody has open, and writes a sound one at `to`, which is not there yet. Throws what
 * SQLite says where not even the list of tables can be read.
 */
export function salvage(from: string, to: string): Salvaged {
  const source = new Sqlite(from, { fileMustExist: true });
  const target = createDatabase(to);
  try {
    if (schemaVersion(source) < schemaVersion(target)) throw new Error('it is of an older version');
    target.pragma('foreign_keys = OFF');
    const triggers = target
      .prepare<[], { name: string; sql: string }>(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'",
      )
      .all();
    const there = new Set(tablesOf(source).map(({ name }) => name));
    const tables = tablesOf(target).filter(({ name }) => there.has(name));
    const rows: Record<string, number> = {};
    const dropped = target.transaction(() => {
      for (const { name } of triggers) target.exec(`DROP TRIGGER ${quoted(name)}`);
      for (const table of tables) {
        target.exec(`DELETE FROM ${quoted(table.name)}`);
        rows[table.name] = copyTable(source, target, table);
      }
      const gone = mendReferences(target, tables);
      target.exec(RECOUNT);
      for (const { sql } of triggers) target.exec(sql);
      return gone;
    })();
    migrate(target);
    putBackOwnRows(target, from);
    return { rows, dropped, changed: acceptTexts(target) };
  } finally {
    source.close();
    target.close();
  }
}
