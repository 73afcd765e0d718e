/**
 * Search by parts of words in any script. A segment knows every word between blanks of 65,536 pairs and which pairs hold
 * it; it is made after an import, in its thread, and the pairs that none covers yet are read one by one.
 */
export const searchSegments = `
DROP TABLE pairs_fts;

CREATE TABLE search_segments (
  id INTEGER PRIMARY KEY,
  first_pair INTEGER NOT NULL UNIQUE,
  last_pair INTEGER NOT NULL,
  words BLOB NOT NULL,
  starts BLOB NOT NULL
) STRICT;
CREATE TABLE search_postings (
  segment_id INTEGER NOT NULL,
  chunk INTEGER NOT NULL,
  data BLOB NOT NULL,
  UNIQUE (segment_id, chunk)
) STRICT;
`;
