/**
 * What is stored and what is seen part. An import writes its rows above the limits in `visible`, a piece at a time;
 * they are seen at once when the limits go up. Pairs that cannot be read are set aside. Everything that asks for
 * pairs, prompts and sources asks the views.
 */
export const visiblePairs = `
ALTER TABLE pairs RENAME TO stored_pairs;
ALTER TABLE prompts RENAME TO stored_prompts;
ALTER TABLE sources RENAME TO stored_sources;

CREATE TABLE visible (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  last_pair INTEGER NOT NULL,
  last_prompt INTEGER NOT NULL,
  last_response INTEGER NOT NULL,
  last_source INTEGER NOT NULL
) STRICT;
INSERT INTO visible
VALUES (1, 9223372036854775807, 9223372036854775807, 9223372036854775807, 9223372036854775807);

-- removed: a person wants no more of it; it stays in the file.
CREATE TABLE set_aside (
  pair_id INTEGER PRIMARY KEY REFERENCES stored_pairs (id),
  reason TEXT NOT NULL,
  found_at TEXT NOT NULL,
  removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1))
) STRICT;

CREATE VIEW pairs AS SELECT * FROM stored_pairs
WHERE id <= (SELECT last_pair FROM visible) AND id NOT IN (SELECT pair_id FROM set_aside);
CREATE VIEW prompts AS SELECT * FROM stored_prompts WHERE id <= (SELECT last_prompt FROM visible);
CREATE VIEW sources AS SELECT * FROM stored_sources WHERE id <= (SELECT last_source FROM visible);

-- What an import that was broken off had written may go; what was ever seen may not.
DROP TRIGGER annotations_never_go;
CREATE TRIGGER annotations_never_go BEFORE DELETE ON annotations
WHEN OLD.pair_id <= (SELECT last_pair FROM visible)
BEGIN SELECT RAISE(ABORT, 'annotations are append-only: a retraction is a new row'); END;
`;
