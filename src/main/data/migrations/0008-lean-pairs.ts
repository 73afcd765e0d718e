/**
 * Hashes apart from what they are of, by batch: those of one import are written in their order when its rows are there.
 * Beside the rows, each import would touch every page of an index as large as the project.
 */
export const leanPairs = `
CREATE TABLE pair_hashes (
  batch INTEGER NOT NULL,
  hash BLOB NOT NULL,
  pair_id INTEGER NOT NULL,
  PRIMARY KEY (batch, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE prompt_hashes (
  batch INTEGER NOT NULL,
  hash BLOB NOT NULL,
  prompt_id INTEGER NOT NULL,
  PRIMARY KEY (batch, hash)
) STRICT, WITHOUT ROWID;
-- Batch 0: pairs added by hand.
CREATE TABLE hash_batches (batch INTEGER PRIMARY KEY) STRICT;
INSERT INTO hash_batches VALUES (0);
INSERT INTO pair_hashes SELECT 0, hash, id FROM stored_pairs
WHERE id <= (SELECT last_pair FROM visible) ORDER BY hash;
INSERT INTO prompt_hashes SELECT 0, hash, id FROM stored_prompts
WHERE id <= (SELECT last_prompt FROM visible) ORDER BY hash;

DROP VIEW pairs;
DROP VIEW prompts;

CREATE TABLE new_prompts (
  id INTEGER PRIMARY KEY,
  messages TEXT NOT NULL,
  preview TEXT NOT NULL
) STRICT;
INSERT INTO new_prompts SELECT id, messages, preview FROM stored_prompts ORDER BY id;
DROP TABLE stored_prompts;
ALTER TABLE new_prompts RENAME TO stored_prompts;

CREATE TABLE new_responses (
  id INTEGER PRIMARY KEY,
  prompt_id INTEGER NOT NULL REFERENCES stored_prompts (id),
  text TEXT NOT NULL
) STRICT;
INSERT INTO new_responses SELECT id, prompt_id, text FROM responses ORDER BY id;
DROP TABLE responses;
ALTER TABLE new_responses RENAME TO responses;
CREATE INDEX responses_by_prompt ON responses (prompt_id);

CREATE TABLE new_pairs (
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES stored_sources (id),
  prompt_id INTEGER NOT NULL REFERENCES stored_prompts (id),
  a_id INTEGER NOT NULL REFERENCES responses (id),
  b_id INTEGER NOT NULL REFERENCES responses (id),
  aspect TEXT,
  source_row INTEGER NOT NULL,
  CHECK (a_id <> b_id)
) STRICT;
INSERT INTO new_pairs SELECT id, source_id, prompt_id, a_id, b_id, aspect, source_row
FROM stored_pairs ORDER BY id;
DROP TABLE stored_pairs;
ALTER TABLE new_pairs RENAME TO stored_pairs;
CREATE INDEX pairs_by_source ON stored_pairs (source_id, id);
CREATE INDEX pairs_by_prompt ON stored_pairs (prompt_id);

CREATE VIEW pairs AS SELECT * FROM stored_pairs
WHERE id <= (SELECT last_pair FROM visible) AND id NOT IN (SELECT pair_id FROM set_aside);
CREATE VIEW prompts AS SELECT * FROM stored_prompts WHERE id <= (SELECT last_prompt FROM visible);

-- An import keeps the standing of its hidden rows itself: a trigger for each would be most of its work.
DROP TRIGGER annotations_supersede_the_latest;
CREATE TRIGGER annotations_supersede_the_latest BEFORE INSERT ON annotations
WHEN NEW.pair_id <= (SELECT last_pair FROM visible) AND NEW.supersedes_id IS NOT (
  SELECT id FROM annotations
  WHERE pair_id = NEW.pair_id AND annotator_id = NEW.annotator_id
  ORDER BY id DESC LIMIT 1
)
BEGIN SELECT RAISE(ABORT, 'an annotation supersedes the latest one of its annotator on its pair'); END;
DROP TRIGGER annotations_stand;
CREATE TRIGGER annotations_stand AFTER INSERT ON annotations
WHEN NEW.decision <> 'retracted' AND NEW.pair_id <= (SELECT last_pair FROM visible)
BEGIN
  INSERT INTO standing (pair_id, annotator_id, annotation_id, decision)
  VALUES (NEW.pair_id, NEW.annotator_id, NEW.id, NEW.decision)
  ON CONFLICT (pair_id, annotator_id)
  DO UPDATE SET annotation_id = excluded.annotation_id, decision = excluded.decision;
END;
`;
