/**
 * Less to write of each imported row. A preview that is the whole text of its prompt is not stored beside it (it is empty
 * then); replies are found through their pairs; of what stands, only people's verdicts are in order of annotator; and what
 * supersedes nothing is in no index. Segments of the search have smaller chunks, and are made anew.
 */
export const leanRows = `
DROP VIEW prompts;
CREATE VIEW prompts AS SELECT id, messages, CASE
    WHEN preview <> '' THEN preview
    WHEN json_valid(messages) THEN messages ->> '$[0].content'
    ELSE '' END AS preview
FROM stored_prompts WHERE id <= (SELECT last_prompt FROM visible);
DROP INDEX responses_by_prompt;

ALTER TABLE standing ADD COLUMN person INTEGER CHECK (person = 1);
UPDATE standing SET person = 1 WHERE annotator_id IN (SELECT id FROM annotators WHERE kind = 'person');
DROP INDEX standing_by_decision;
DROP INDEX standing_by_annotation;
CREATE INDEX standing_of_people ON standing (annotator_id, decision, pair_id) WHERE person = 1;
CREATE INDEX standing_of_people_by_annotation ON standing (annotator_id, annotation_id) WHERE person = 1;

CREATE TABLE new_annotations (
  id INTEGER PRIMARY KEY,
  pair_id INTEGER NOT NULL REFERENCES stored_pairs (id),
  annotator_id INTEGER NOT NULL REFERENCES annotators (id),
  decision TEXT NOT NULL CHECK (decision IN ('a', 'b', 'tie', 'both_bad', 'skip', 'retracted')),
  left_key TEXT CHECK (left_key IN ('a', 'b')),
  duration_ms INTEGER CHECK (duration_ms >= 0),
  supersedes_id INTEGER REFERENCES annotations (id),
  created_at TEXT NOT NULL,
  action TEXT NOT NULL DEFAULT 'decide' CHECK (action IN ('decide', 'undo', 'redo')),
  restores_id INTEGER REFERENCES annotations (id),
  request_id TEXT,
  strength REAL CHECK (strength > 0),
  confidence INTEGER CHECK (confidence BETWEEN 1 AND 5),
  rationale TEXT,
  flag TEXT,
  aspects TEXT CHECK (json_valid(aspects))
) STRICT;
INSERT INTO new_annotations SELECT id, pair_id, annotator_id, decision, left_key, duration_ms, supersedes_id,
  created_at, action, restores_id, request_id, strength, confidence, rationale, flag, aspects FROM annotations ORDER BY id;
DROP TABLE annotations;
ALTER TABLE new_annotations RENAME TO annotations;
CREATE INDEX annotations_by_pair ON annotations (pair_id, annotator_id, id);
CREATE INDEX annotations_by_flag ON annotations (pair_id) WHERE flag IS NOT NULL;
CREATE UNIQUE INDEX annotations_by_request ON annotations (request_id) WHERE request_id IS NOT NULL;
CREATE UNIQUE INDEX annotations_superseded_once ON annotations (supersedes_id) WHERE supersedes_id IS NOT NULL;

CREATE TRIGGER annotations_never_change BEFORE UPDATE ON annotations
BEGIN SELECT RAISE(ABORT, 'annotations are append-only: a correction is a new row'); END;
CREATE TRIGGER annotations_never_go BEFORE DELETE ON annotations
WHEN OLD.pair_id <= (SELECT last_pair FROM visible)
BEGIN SELECT RAISE(ABORT, 'annotations are append-only: a retraction is a new row'); END;
CREATE TRIGGER annotations_supersede_the_latest BEFORE INSERT ON annotations
WHEN NEW.pair_id <= (SELECT last_pair FROM visible) AND NEW.supersedes_id IS NOT (
  SELECT id FROM annotations
  WHERE pair_id = NEW.pair_id AND annotator_id = NEW.annotator_id
  ORDER BY id DESC LIMIT 1
)
BEGIN SELECT RAISE(ABORT, 'an annotation supersedes the latest one of its annotator on its pair'); END;
CREATE TRIGGER annotations_restore_the_same BEFORE INSERT ON annotations
WHEN NEW.restores_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM annotations AS earlier WHERE earlier.id = NEW.restores_id AND earlier.action = 'decide'
    AND earlier.pair_id = NEW.pair_id AND earlier.annotator_id = NEW.annotator_id
    AND earlier.decision = NEW.decision AND coalesce(earlier.left_key, NEW.left_key) IS NEW.left_key
    AND earlier.duration_ms IS NEW.duration_ms AND earlier.strength IS NEW.strength
    AND earlier.confidence IS NEW.confidence AND earlier.rationale IS NEW.rationale
    AND earlier.flag IS NEW.flag AND earlier.aspects IS NEW.aspects
)
BEGIN SELECT RAISE(ABORT, 'what is put back in force is an earlier decision as it was'); END;
CREATE TRIGGER annotations_stand AFTER INSERT ON annotations
WHEN NEW.decision <> 'retracted' AND NEW.pair_id <= (SELECT last_pair FROM visible)
BEGIN
  INSERT INTO standing (pair_id, annotator_id, annotation_id, decision, person)
  VALUES (NEW.pair_id, NEW.annotator_id, coalesce(NEW.restores_id, NEW.id), NEW.decision,
    (SELECT nullif(kind = 'person', 0) FROM annotators WHERE id = NEW.annotator_id))
  ON CONFLICT (pair_id, annotator_id)
  DO UPDATE SET annotation_id = excluded.annotation_id, decision = excluded.decision;
END;
CREATE TRIGGER annotations_retract AFTER INSERT ON annotations WHEN NEW.decision = 'retracted'
BEGIN
  DELETE FROM standing WHERE pair_id = NEW.pair_id AND annotator_id = NEW.annotator_id;
END;

DELETE FROM search_segments;
DELETE FROM search_postings;
`;
