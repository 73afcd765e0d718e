/**
 * Replies to one prompt that are ranked together: a set is all pairs of them. A ranking is several annotations that are
 * one act; it is known by the first of them, which is its step. `ranks` are the ranks by the ids of the replies; null
 * where the whole set was skipped or found bad.
 */
export const rankings = `
CREATE TABLE reply_sets (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  pairs INTEGER NOT NULL CHECK (pairs > 1)
) STRICT;
CREATE INDEX reply_sets_by_pairs ON reply_sets (pairs);
CREATE TABLE set_pairs (
  pair_id INTEGER NOT NULL REFERENCES stored_pairs (id),
  set_id INTEGER NOT NULL REFERENCES reply_sets (id),
  PRIMARY KEY (pair_id, set_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX set_pairs_by_set ON set_pairs (set_id, pair_id);
CREATE TABLE set_showings (
  set_id INTEGER NOT NULL REFERENCES reply_sets (id),
  annotator_id INTEGER NOT NULL REFERENCES annotators (id),
  replies TEXT NOT NULL CHECK (json_valid(replies)),
  shown_at TEXT NOT NULL,
  PRIMARY KEY (set_id, annotator_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE rankings (
  annotation_id INTEGER PRIMARY KEY REFERENCES annotations (id),
  set_id INTEGER NOT NULL REFERENCES reply_sets (id),
  ranks TEXT CHECK (json_valid(ranks))
) STRICT;
CREATE TABLE ranked_pairs (
  annotation_id INTEGER PRIMARY KEY REFERENCES annotations (id),
  ranking_id INTEGER NOT NULL REFERENCES rankings (annotation_id)
) STRICT;
CREATE INDEX ranked_pairs_by_ranking ON ranked_pairs (ranking_id, annotation_id);
`;
