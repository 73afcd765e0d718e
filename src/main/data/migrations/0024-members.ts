/** Roles of people, and the hash of the token in each one's link; the token itself is kept nowhere. */
export const members = `
CREATE TABLE members (
  annotator_id INTEGER PRIMARY KEY REFERENCES annotators (id),
  role TEXT NOT NULL CHECK (role IN ('owner', 'annotator', 'adjudicator')),
  token_hash BLOB UNIQUE CHECK (length(token_hash) = 32),
  link_made_at TEXT,
  last_seen_at TEXT,
  CHECK ((token_hash IS NULL) = (link_made_at IS NULL))
) STRICT;
`;
