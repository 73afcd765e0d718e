import type { Database } from './database.ts';
import { HashTable } from './HashTable.ts';
import { type Hash, hashBytes, hashOfBytes } from './hashes.ts';

/** Which pairs and prompts are there, by the hash of their content. */
export interface PairHashes {
  pair(hash: Hash): number | undefined;
  prompt(hash: Hash): number | undefined;
  addPair(hash: Hash, id: number): void;
  addPrompt(hash: Hash, id: number): void;
}

const BY_HAND = 0;
const WRITTEN_AT_ONCE = 100;
const TABLES = [
  { table: 'pair_hashes', id: 'pair_id' },
  { table: 'prompt_hashes', id: 'prompt_id' },
] as const;
type Entry = [batch: number, hash: Buffer, id: number];

const adding = (database: Database, { table, id }: (typeof TABLES)[number]) =>
  database.prepare<Entry>(`INSERT INTO ${table} (batch, hash, ${id}) VALUES (?, ?, ?)`);

/** Asks the file each time: for pairs that are added by hand. */
export function storedHashes(database: Database): PairHashes {
  const stored = (table: (typeof TABLES)[number]) => ({
    find: database
      .prepare<[Buffer], number>(
        `SELECT ${table.id} FROM ${table.table} WHERE batch IN (SELECT batch FROM hash_batches) AND hash = ?`,
      )
      .pluck(),
    add: adding(database, table),
  });
  const [pairs, prompts] = [stored(TABLES[0]), stored(TABLES[1])];
  return {
    pair: (hash) => pairs.find.get(hashBytes(hash)),
    prompt: (hash) => prompts.find.get(hashBytes(hash)),
    addPair: (hash, id) => void pairs.add.run(BY_HAND, hashBytes(hash), id),
    addPrompt: (hash, id) => void prompts.add.run(BY_HAND, hashBytes(hash), id),
  };
}

function loaded(database: Database, { table, id }: (typeof TABLES)[number]): HashTable {
  const known = new HashTable();
  const rows = database.prepare<[], [Buffer, number]>(`SELECT hash, ${id} FROM ${table}`).raw();
  for (const [hash, value] of rows.iterate()) known.set(hashOfBytes(hash), value);
  return known;
}

/** The pairs of the project, and those that a preview imagines beside them. */
export function knownPairs(database: Database) {
  const known = loaded(database, TABLES[0]);
  return {
    find: (hash: Hash): number | undefined => known.get(hash),
    add: (hash: Hash, id: number): void => known.set(hash, id),
  };
}

/** The number of a new batch. */
export function beginBatch(database: Database): number {
  return database
    .prepare<[], number>('INSERT INTO hash_batches SELECT max(batch) + 1 FROM hash_batches RETURNING batch')
    .pluck()
    .get() as number;
}

/** Removes up to `rows` hashes of the last batch where it is of rows above the limits; false where there is none. */
export function removeHiddenHashes(
  database: Database,
  limits: { readonly pair: number; readonly prompt: number },
  rows: number,
): boolean {
  const batch = database.prepare<[], number>('SELECT max(batch) FROM hash_batches').pluck().get() as number;
  if (batch === BY_HAND) return false;
  const limitOf = { pair_hashes: limits.pair, prompt_hashes: limits.prompt };
  for (const { table, id } of TABLES) {
    const first = database
      .prepare<[number], number>(`SELECT ${id} FROM ${table} WHERE batch = ? LIMIT 1`)
      .pluck()
      .get(batch);
    if (first === undefined || first <= limitOf[table]) continue;
    database
      .prepare<[number, number, number]>(
        `DELETE FROM ${table} WHERE batch = ? AND hash IN (SELECT hash FROM ${table} WHERE batch = ? LIMIT ?)`,
      )
      .run(batch, batch, rows);
    return true;
  }
  return false;
}

/** New hashes of one kind, in 24 bytes each, to be written in their order. */
class NewHashes {
  #bytes = Buffer.alloc(16 * 1024);
  #ids = new Float64Array(1024);
  count = 0;

  add(hash: Hash, id: number): void {
    if (this.count === this.#ids.length) {
      const [bytes, ids] = [this.#bytes, this.#ids];
      this.#bytes = Buffer.alloc(2 * bytes.length);
      this.#bytes.set(bytes);
      this.#ids = new Float64Array(2 * ids.length);
      this.#ids.set(ids);
    }
    this.#bytes.write(hash, 16 * this.count, 'latin1');
    this.#ids[this.count] = id;
    this.count += 1;
  }

  hash(at: number): Buffer {
    return this.#bytes.subarray(16 * at, 16 * at + 16);
  }
  id(at: number): number {
    return this.#ids[at] as number;
  }

  /** Places in the order of the hashes. */
  inOrder(): Uint32Array {
    const order = new Uint32Array(this.count);
    const prefix = new Float64Array(this.count);
    for (let place = 0; place < this.count; place++) {
      order[place] = place;
      prefix[place] = this.#bytes.readUIntBE(16 * place, 6);
    }
    order.sort(
      (a, b) => (prefix[a] as number) - (prefix[b] as number) || Buffer.compare(this.hash(a), this.hash(b)),
    );
    return order;
  }
}

/** Holds all hashes of the project in memory; the new ones are written at the end, as a batch. */
export class BulkHashes implements PairHashes {
  readonly #known: readonly [HashTable, HashTable];
  readonly #added = [new NewHashes(), new NewHashes()] as const;

  constructor(database: Database) {
    this.#known = [loaded(database, TABLES[0]), loaded(database, TABLES[1])];
  }

  pair(hash: Hash): number | undefined {
    return this.#known[0].get(hash);
  }
  prompt(hash: Hash): number | undefined {
    return this.#known[1].get(hash);
  }
  addPair(hash: Hash, id: number): void {
    this.#known[0].set(hash, id);
    this.#added[0].add(hash, id);
  }
  addPrompt(hash: Hash, id: number): void {
    this.#known[1].set(hash, id);
    this.#added[1].add(hash, id);
  }

  get isEmpty(): boolean {
    return this.#added.every(({ count }) => count === 0);
  }

  /** Writes the batch when each of these is called, a hundred rows each. */
  *batch(database: Database, batch: number): Generator<() => void> {
    for (const [place, table] of TABLES.entries()) {
      const add = adding(database, table);
      const added = this.#added[place] as NewHashes;
      const order = added.inOrder();
      for (let from = 0; from < order.length; from += WRITTEN_AT_ONCE) {
        yield () => {
          for (const at of order.subarray(from, from + WRITTEN_AT_ONCE)) {
            add.run(batch, added.hash(at), added.id(at));
          }
        };
      }
    }
  }
}
