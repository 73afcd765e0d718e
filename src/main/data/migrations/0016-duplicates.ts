/**
 * What a search for near-duplicates found. A group's members are prompts, replies or pairs; group 0 of a kind is the
 * largest. Only the last scan that is whole is read.
 */
export const duplicates = `
CREATE TABLE duplicate_scans (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  threshold REAL NOT NULL,
  made_at TEXT NOT NULL,
  last_pair INTEGER NOT NULL,
  pairs INTEGER NOT NULL,
  whole INTEGER NOT NULL DEFAULT 0 CHECK (whole IN (0, 1))
) STRICT;
CREATE TABLE duplicate_groups (
  scan_id INTEGER NOT NULL REFERENCES duplicate_scans (id),
  kind TEXT NOT NULL CHECK (kind IN ('prompts', 'replies', 'pairs')),
  number INTEGER NOT NULL,
  size INTEGER NOT NULL,
  PRIMARY KEY (scan_id, kind, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE duplicate_members (
  scan_id INTEGER NOT NULL REFERENCES duplicate_scans (id),
  kind TEXT NOT NULL,
  number INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  similarity REAL NOT NULL,
  PRIMARY KEY (scan_id, kind, number, item_id)
) STRICT, WITHOUT ROWID;
`;
