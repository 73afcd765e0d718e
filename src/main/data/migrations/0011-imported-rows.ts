/**
 * What a file says of a pair beyond its texts: the row's own id and the columns that are no part of the pair, as JSON.
 * Singles are replies with a label of their own; like pairs they are seen when their import is whole.
 */
export const importedRows = `
CREATE TABLE pair_details (
  pair_id INTEGER PRIMARY KEY REFERENCES stored_pairs (id),
  item_id TEXT,
  metadata TEXT
) STRICT;

CREATE TABLE stored_singles (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  source_id INTEGER NOT NULL REFERENCES stored_sources (id),
  messages TEXT NOT NULL,
  reply TEXT NOT NULL,
  desirable INTEGER NOT NULL CHECK (desirable IN (0, 1)),
  aspect TEXT,
  item_id TEXT,
  metadata TEXT,
  source_row INTEGER NOT NULL
) STRICT;
ALTER TABLE visible ADD COLUMN last_single INTEGER NOT NULL DEFAULT 9223372036854775807;
CREATE VIEW singles AS SELECT * FROM stored_singles WHERE id <= (SELECT last_single FROM visible);
`;
