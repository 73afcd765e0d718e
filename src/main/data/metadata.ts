import type { Database } from './database.ts';

export type Metadata = Record<string, unknown>;
export interface PairOrigin {
  /** What a file names the row by. */
  readonly itemId: string | null;
  /** Columns of its row that are no part of the pair. */
  readonly metadata: Metadata;
}

/** What the file says of a pair beyond its texts; nothing where it says nothing. */
export function metadataReader(database: Database) {
  const read = database.prepare<[number], { itemId: string | null; metadata: string | null }>(
    'SELECT item_id AS itemId, metadata FROM pair_details WHERE pair_id = ?',
  );
  return (pairId: number): PairOrigin | null => {
    const row = read.get(pairId);
    if (!row) return null;
    const metadata: unknown = row.metadata === null ? {} : JSON.parse(row.metadata);
    return { itemId: row.itemId, metadata: isRecord(metadata) ? metadata : { metadata } };
  };
}

const isRecord = (value: unknown): value is Metadata =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
