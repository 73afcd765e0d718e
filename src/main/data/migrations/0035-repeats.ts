/**
 * Pairs that come to a person again. A repeat is an annotation that names the first verdict (`repeats_id`): it supersedes
 * nothing, and what stands on the pair stays. `repeats` holds which pairs were drawn, their sides, and the answer in force.
 */
export const repeats = `
ALTER TABLE annotations ADD COLUMN repeats_id INTEGER REFERENCES annotations (id);

CREATE TABLE repeats (
  annotator_id INTEGER NOT NULL REFERENCES annotators (id),
  pair_id INTEGER NOT NULL REFERENCES stored_pairs (id),
  first_id INTEGER NOT NULL REFERENCES annotations (id),
  left_key TEXT NOT NULL CHECK (left_key IN ('a', 'b')),
  drawn_at TEXT NOT NULL,
  answer_id INTEGER REFERENCES annotations (id),
  PRIMARY KEY (annotator_id, pair_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX repeats_to_come ON repeats (annotator_id, drawn_at) WHERE answer_id IS NULL;

DROP TRIGGER annotations_supersede_the_latest;
CREATE TRIGGER annotations_supersede_the_latest BEFORE INSERT ON annotations
WHEN NEW.pair_id <= (SELECT last_pair FROM visible) AND NEW.supersedes_id IS NOT CASE WHEN NEW.repeats_id IS NULL THEN (
  SELECT id FROM annotations
  WHERE pair_id = NEW.pair_id AND annotator_id = NEW.annotator_id AND repeats_id IS NULL
  ORDER BY id DESC LIMIT 1
) END
BEGIN SELECT RAISE(ABORT, 'an annotation supersedes the latest one of its annotator on its pair'); END;
DROP TRIGGER annotations_stand;
CREATE TRIGGER annotations_stand AFTER INSERT ON annotations
WHEN NEW.decision <> 'retracted' AND NEW.repeats_id IS NULL AND NEW.pair_id <= (SELECT last_pair FROM visible)
BEGIN
  INSERT INTO standing (pair_id, annotator_id, annotation_id, decision, person)
  VALUES (NEW.pair_id, NEW.annotator_id, coalesce(NEW.restores_id, NEW.id), NEW.decision,
    (SELECT nullif(kind = 'person', 0) FROM annotators WHERE id = NEW.annotator_id))
  ON CONFLICT (pair_id, annotator_id)
  DO UPDATE SET annotation_id = excluded.annotation_id, decision = excluded.decision;
END;
DROP TRIGGER annotations_retract;
CREATE TRIGGER annotations_retract AFTER INSERT ON annotations
WHEN NEW.decision = 'retracted' AND NEW.repeats_id IS NULL
BEGIN
  DELETE FROM standing WHERE pair_id = NEW.pair_id AND annotator_id = NEW.annotator_id;
END;
CREATE TRIGGER annotations_repeat AFTER INSERT ON annotations WHEN NEW.repeats_id IS NOT NULL
BEGIN
  INSERT INTO repeats (annotator_id, pair_id, first_id, left_key, drawn_at, answer_id)
  VALUES (NEW.annotator_id, NEW.pair_id, NEW.repeats_id, NEW.left_key, NEW.created_at,
    CASE WHEN NEW.decision = 'retracted' THEN NULL ELSE coalesce(NEW.restores_id, NEW.id) END)
  ON CONFLICT (annotator_id, pair_id)
  DO UPDATE SET first_id = excluded.first_id, left_key = excluded.left_key, answer_id = excluded.answer_id;
END;
`;
