import type { Database } from './database.ts';
import { HashTable } from './HashTable.ts';
import { chunksOf, findIn, HASHES_IN_CHUNK, inOrder, readChunk } from './hashChunks.ts';
import { type Hash, hashBytes, hashOfBytes } from './hashes.ts';

/** Which pairs and prompts are there, by the hash of their content. */
export interface PairHashes {
  pair(hash: Hash): number | undefined;
  prompt(hash: Hash): number | undefined;
  addPair(hash: Hash, id: number): void;
  addPrompt(hash: Hash, id: number): void;
}

const BY_HAND = 0;
const KINDS = [
  { kind: 'pair', table: 'pair_hashes', id: 'pair_id' },
  { kind: 'prompt', table: 'prompt_hashes', id: 'prompt_id' },
] as const;
type Kind = (typeof KINDS)[number];

/** Asks the file each time: for pairs that are added by hand. */
export function storedHashes(database: Database): PairHashes {
  const chunks = database
    .prepare<[{ kind: string; hash: Buffer }], Buffer>(
      `SELECT (SELECT data FROM hash_chunks WHERE kind = @kind AND batch = batches.batch AND first <= @hash
         ORDER BY first DESC LIMIT 1)
       FROM (SELECT DISTINCT batch FROM hash_chunks) AS batches`,
    )
    .pluck();
  const stored = ({ kind, table, id }: Kind) => {
    const find = database
      .prepare<[Buffer], number>(
        `SELECT ${id} FROM ${table} WHERE batch IN (SELECT batch FROM hash_batches) AND hash = ?`,
      )
      .pluck();
    const add = database.prepare<[number, Buffer, number]>(
      `INSERT INTO ${table} (batch, hash, ${id}) VALUES (?, ?, ?)`,
    );
    return {
      find: (hash: Hash): number | undefined => {
        const bytes = hashBytes(hash);
        const single = find.get(bytes);
        if (single !== undefined) return single;
        for (const data of chunks.all({ kind, hash: bytes })) {
          const found = data ? findIn(data, bytes) : undefined;
          if (found !== undefined) return found;
        }
        return undefined;
      },
      add: (hash: Hash, value: number): void => void add.run(BY_HAND, hashBytes(hash), value),
    };
  };
  const [pairs, prompts] = [stored(KINDS[0]), stored(KINDS[1])];
  return { pair: pairs.find, prompt: prompts.find, addPair: pairs.add, addPrompt: prompts.add };
}

function loaded(database: Database, { kind, table, id }: Kind): HashTable {
  const known = new HashTable();
  const single = database.prepare<[], [Buffer, number]>(`SELECT hash, ${id} FROM ${table}`).raw();
  for (const [hash, value] of single.iterate()) known.add(hashOfBytes(hash), value);
  const chunks = database.prepare<[string], Buffer>('SELECT data FROM hash_chunks WHERE kind = ?').pluck();
  for (const data of chunks.iterate(kind)) readChunk(data, known);
  return known;
}

/** The pairs of the project, and those that a preview imagines beside them. */
export function knownPairs(database: Database) {
  const known = loaded(database, KINDS[0]);
  return {
    find: (hash: Hash): number | undefined => known.get(hash),
    add: (hash: Hash, id: number): void => known.add(hash, id),
  };
}

interface Limits {
  readonly pair: number;
  readonly prompt: number;
}

/** Of the last batch that stands in rows of its own, as an earlier version wrote it. */
function removeHiddenSingles(database: Database, limits: Limits, rows: number): boolean {
  const batch = database.prepare<[], number>('SELECT max(batch) FROM hash_batches').pluck().get() as number;
  if (batch === BY_HAND) return false;
  for (const { kind, table, id } of KINDS) {
    const first = database
      .prepare<[number], number>(`SELECT ${id} FROM ${table} WHERE batch = ? LIMIT 1`)
      .pluck()
      .get(batch);
    if (first === undefined || first <= limits[kind]) continue;
    database
      .prepare<[number, number, number]>(
        `DELETE FROM ${table} WHERE batch = ? AND hash IN (SELECT hash FROM ${table} WHERE batch = ? LIMIT ?)`,
      )
      .run(batch, batch, rows);
    return true;
  }
  return false;
}

/** Removes the hashes of about so many rows above the limits; false where there are none. */
export function removeHiddenHashes(database: Database, limits: Limits, rows: number): boolean {
  const { changes } = database
    .prepare<[number, number, number]>(
      `DELETE FROM hash_chunks WHERE id IN (
         SELECT id FROM hash_chunks WHERE last_id > iif(kind = 'pair', ?, ?) LIMIT ?)`,
    )
    .run(limits.pair, limits.prompt, Math.ceil(rows / HASHES_IN_CHUNK));
  return changes > 0 || removeHiddenSingles(database, limits, rows);
}

/** Holds all hashes of the project in memory; the new ones are written at the end, as a batch. */
export class BulkHashes implements PairHashes {
  readonly #known: readonly [HashTable, HashTable];
  /** How many were there before. */
  readonly #stored: readonly [number, number];

  constructor(database: Database) {
    this.#known = [loaded(database, KINDS[0]), loaded(database, KINDS[1])];
    this.#stored = [this.#known[0].size, this.#known[1].size];
  }

  pair(hash: Hash): number | undefined {
    return this.#known[0].get(hash);
  }
  prompt(hash: Hash): number | undefined {
    return this.#known[1].get(hash);
  }
  addPair(hash: Hash, id: number): void {
    this.#known[0].add(hash, id);
  }
  addPrompt(hash: Hash, id: number): void {
    this.#known[1].add(hash, id);
  }

  /** Writes the batch when each of these is called, a few thousand hashes each. */
  *batch(database: Database): Generator<() => void> {
    const last = database.prepare<[], number>('SELECT coalesce(max(batch), 0) FROM hash_chunks').pluck();
    const batch = 1 + (last.get() as number);
    const add = database.prepare<[number, string, Buffer, number, Buffer]>(
      'INSERT INTO hash_chunks (batch, kind, first, last_id, data) VALUES (?, ?, ?, ?, ?)',
    );
    for (const [place, { kind }] of KINDS.entries()) {
      const known = this.#known[place] as HashTable;
      const order = inOrder(known, this.#stored[place] as number);
      for (const { first, lastId, data } of chunksOf(known, order)) {
        yield () => void add.run(batch, kind, first, lastId, data);
      }
    }
  }
}
