/**
 * Segments of the search gain parts of words and are made anew. Hashes of an import's rows are kept packed, a chunk of
 * them in a row (`hashChunks.ts`); those in rows of their own stay. Counts of what is seen, kept by whoever adds: a walk over a million rows would hold up the opening.
 */
export const keptCounts = `
ALTER TABLE stored_sources ADD COLUMN pairs INTEGER NOT NULL DEFAULT 0;
UPDATE stored_sources SET pairs = (
  SELECT count(*) FROM stored_pairs
  WHERE source_id = stored_sources.id AND stored_pairs.id <= (SELECT last_pair FROM visible));
ALTER TABLE visible ADD COLUMN prompts INTEGER NOT NULL DEFAULT 0;
UPDATE visible SET prompts = (SELECT count(*) FROM prompts);

CREATE TABLE hash_chunks (
  id INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('pair', 'prompt')),
  first BLOB NOT NULL,
  last_id INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;
CREATE INDEX hash_chunks_by_first ON hash_chunks (kind, batch, first);

DELETE FROM search_segments;
DELETE FROM search_postings;
`;
